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

  /**
   * The bytes are an envelope of {@link dev.shiplog.topics.seal}: JSON, with the rest encrypted.
   */
  public static final byte ENVELOPE = 1;

  public static SealedValue plain(byte[] json) {
    return new SealedValue(PLAIN, json);
  }

  /**
   * The JSON of what is not sealed.
   *
   * @throws IllegalStateException if the value is sealed
   */
  public byte[] open() {
    if (seal != PLAIN) {
      throw new IllegalStateException("the value is sealed with method " + seal);
    }
    return bytes;
  }
}
