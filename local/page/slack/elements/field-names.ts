/** What names a field for those who cannot see what stands beside it. */
export type FieldNames = {
  readonly id?: string;
  readonly 'aria-label'?: string;
  readonly 'aria-describedby'?: string | undefined;
  readonly 'aria-invalid'?: boolean;
  readonly 'data-focus-on-load'?: boolean | undefined;
  readonly 'data-action-id'?: string | undefined;
};
