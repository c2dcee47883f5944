package dev.shiplog.api.http;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Locale;

/**
 * A document that rarely changes.
 *
 * @param bytes shared: do not change
 * @param tag as an {@code ETag} header has it; follows from the bytes
 */
@SuppressWarnings("ArrayRecordComponent")
record TaggedDocument(byte[] bytes, String tag) {

  static TaggedDocument of(byte[] bytes) {
    try {
      byte[] digest = MessageDigest.getInstance("SHA-512").digest(bytes);
      String hex = HexFormat.of().formatHex(digest).toUpperCase(Locale.ROOT);
      return new TaggedDocument(bytes, "\"" + hex + "\"");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-512", e);
    }
  }
}
