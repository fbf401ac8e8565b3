/**
 * A cell that no spreadsheet runs as a formula (ASVS 1.2.10): one that would begin with a trigger gets a leading apostrophe.
 * Triggers count behind anything a spreadsheet may strip or not show: white space, byte order marks, zero-width characters.
 * Full-width variants count: they are folded on import in some locales.
 */
const TRIGGER = /^[\s\p{Cc}\p{Cf}]*[=+\-@\uFF1D\uFF0B\uFF0D\uFF20\u2212\uFE62\uFE63\uFE66\uFE6B]/u;
const CONTROL = /^[\t\r\n\0]/;

export const safeCell = (value: string): string =>
  TRIGGER.test(value) || CONTROL.test(value) ? `'${value}` : value;
