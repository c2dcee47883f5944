package dev.shiplog.api.request;

import dev.shiplog.api.schema.decoding.FieldValidation;

/**
 * What CreateOptions, UpdateOptions and PatchOptions say.
 *
 * @param dryRun do everything but commit
 * @param fieldValidation what is done with unknown and repeated fields
 * @param fieldManager who is to own what is written; empty for the client's program
 */
public record WriteOptions(boolean dryRun, FieldValidation fieldValidation, String fieldManager) {

  /** What holds when a client says nothing. */
  public static final WriteOptions DEFAULT = new WriteOptions(false, FieldValidation.WARN, "");
}
