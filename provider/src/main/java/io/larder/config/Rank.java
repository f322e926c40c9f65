package io.larder.config;

/** How strong a source of settings is: a later constant wins over an earlier one. */
enum Rank {
  DEFAULTS,
  PRESET,
  OWN_PRESET,
  OLD_VARIABLE,
  FILE,
  ENVIRONMENT,
  CUSTOM_CONFIG,
  SYSTEM_PROPERTY,
  MANAGER_URI,
  CODE
}
