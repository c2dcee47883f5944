package dev.shiplog.api.status;

/**
 * One entry of {@code details.causes}.
 *
 * @param type machine-readable, for example {@code FieldValueInvalid}, {@code FieldValueRequired},
 *     {@code FieldValueNotSupported}, {@code FieldValueForbidden}, {@code FieldManagerConflict},
 *     {@code ResourceVersionTooLarge}
 * @param message for people
 * @param field path such as {@code spec.containers[0].name}; empty where it is about no field
 */
public record StatusCause(String type, String message, String field) {}
