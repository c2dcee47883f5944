package dev.shiplog.api.request;

import dev.shiplog.api.schema.decoding.FieldValidation;

/**
 * What CreateOptions, UpdateOptions and PatchOptions say.
 *
 * @param dryRun do everything but commit
 * @param fieldValidation what is done with unknown and repeated fields
 */
public record WriteOptions(boolean dryRun, FieldValidation fieldValidation) {

  /** What holds when a client says nothing. */
  public static final WriteOptions DEFAULT = new WriteOptions(false, FieldValidation.WARN);
}
