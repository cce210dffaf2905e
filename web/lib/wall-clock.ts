export * from '../../schemas/wall-clock.ts';
