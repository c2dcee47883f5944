package dev.shiplog.api.request;

import dev.shiplog.api.schema.decoding.Syntax;

/** An object as it was sent. The bytes are shared: do not change. */
@SuppressWarnings("ArrayRecordComponent")
public record Body(byte[] bytes, Syntax syntax) {}
