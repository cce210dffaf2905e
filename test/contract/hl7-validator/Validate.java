import ca.uhn.fhir.context.FhirContext;
import ca.uhn.fhir.context.support.DefaultProfileValidationSupport;
import ca.uhn.fhir.validation.FhirValidator;
import ca.uhn.fhir.validation.SingleValidationMessage;
import ca.uhn.fhir.validation.ValidationOptions;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.hl7.fhir.common.hapi.validation.support.CommonCodeSystemsTerminologyService;
import org.hl7.fhir.common.hapi.validation.support.InMemoryTerminologyServerValidationSupport;
import org.hl7.fhir.common.hapi.validation.support.PrePopulatedValidationSupport;
import org.hl7.fhir.common.hapi.validation.support.SnapshotGeneratingValidationSupport;
import org.hl7.fhir.common.hapi.validation.support.UnknownCodeSystemWarningValidationSupport;
import org.hl7.fhir.common.hapi.validation.support.ValidationSupportChain;
import org.hl7.fhir.common.hapi.validation.validator.FhirInstanceValidator;

/**
 * Validates resources against a guide, without a terminology server.
 * Arguments: a folder of the guide's definitions; a file of lines "name TAB profile or nothing TAB resource".
 * Prints "name TAB severity TAB message id TAB place" for each message, and "name TAB DONE" after the last one.
 */
public class Validate {
  public static void main(String[] arguments) throws Exception {
    FhirContext context = FhirContext.forR4();
    PrePopulatedValidationSupport guide = new PrePopulatedValidationSupport(context);
    try (DirectoryStream<Path> files = Files.newDirectoryStream(Path.of(arguments[0]), "*.json")) {
      for (Path file : files) guide.addResource(context.newJsonParser().parseResource(Files.readString(file)));
    }
    FhirInstanceValidator module =
        new FhirInstanceValidator(
            new ValidationSupportChain(
                guide,
                new DefaultProfileValidationSupport(context),
                new CommonCodeSystemsTerminologyService(context),
                new InMemoryTerminologyServerValidationSupport(context),
                new SnapshotGeneratingValidationSupport(context),
                new UnknownCodeSystemWarningValidationSupport(context)));
    FhirValidator validator = context.newValidator().registerValidatorModule(module);
    for (String line : Files.readAllLines(Path.of(arguments[1]))) {
      String[] parts = line.split("\t", 3);
      ValidationOptions options = new ValidationOptions();
      if (!parts[1].isEmpty()) options.addProfile(parts[1]);
      for (SingleValidationMessage message : validator.validateWithResult(parts[2], options).getMessages()) {
        System.out.println(String.join("\t", parts[0], message.getSeverity().name(), message.getMessageId(), message.getLocationString()));
      }
      System.out.println(parts[0] + "\tDONE");
    }
  }
}
