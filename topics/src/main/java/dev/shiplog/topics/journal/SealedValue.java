package dev.shiplog.topics.journal;

/**
 * The bytes of an object as the journal keeps them. This is the seam for encryption at rest: a seal
 * other than {@link #PLAIN} names how the bytes are wrapped, and whoever reads them needs its key.
 *
 * @param seal how the bytes are wrapped; a reader stops at one it does not know
 * @param bytes for {@link #PLAIN}: the object as JSON, UTF-8. Shared, never changed.
 */
@SuppressWarnings("ArrayRecordComponent")
public record SealedValue(byte seal, byte[] bytes) {

  /** The bytes are the JSON itself. */
  public static final byte PLAIN = 0;

  public static SealedValue plain(byte[] json) {
    return new SealedValue(PLAIN, json);
  }

  /**
   * The JSON.
   *
   * @throws IllegalStateException if the value is sealed in a way this version cannot open
   */
  public byte[] open() {
    if (seal != PLAIN) {
      throw new IllegalStateException("value is sealed with method " + seal + ", unknown here");
    }
    return bytes;
  }
}
