package dev.shiplog.api.view;

import dev.shiplog.api.store.ObjectKey;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * An encoded object whose revision is still to be given: encoding is done before the deciding
 * thread is asked, and only the digits are put in there. Immutable; any thread.
 */
public final class ObjectTemplate {

  private final ObjectKey key;
  private final String keyText;
  private final byte[] bytes;
  private final int revisionAt;
  private final int revisionLength;
  private final Attributes attributes;

  /**
   * Makes one.
   *
   * @param bytes the object as JSON with some resourceVersion in it
   * @param revisionAt where its digits start
   * @param revisionLength how many there are; may be 0
   */
  ObjectTemplate(
      ObjectKey key,
      String keyText,
      byte[] bytes,
      int revisionAt,
      int revisionLength,
      Attributes attributes) {
    this.key = key;
    this.keyText = keyText;
    this.bytes = bytes;
    this.revisionAt = revisionAt;
    this.revisionLength = revisionLength;
    this.attributes = attributes;
  }

  /** The object at a revision. */
  public EncodedObject at(long revision) {
    byte[] digits = Long.toString(revision).getBytes(StandardCharsets.ISO_8859_1);
    byte[] result = new byte[sizeWithoutRevision() + digits.length];
    int rest = revisionAt + revisionLength;
    System.arraycopy(bytes, 0, result, 0, revisionAt);
    System.arraycopy(digits, 0, result, revisionAt, digits.length);
    System.arraycopy(bytes, rest, result, revisionAt + digits.length, bytes.length - rest);
    return new EncodedObject(key, keyText, revision, result, revisionAt, digits.length, attributes);
  }

  public int sizeWithoutRevision() {
    return bytes.length - revisionLength;
  }

  public String keyText() {
    return keyText;
  }

  /** Whether both are the same to the byte, their revisions aside. */
  public boolean sameBytes(ObjectTemplate other) {
    int rest = revisionAt + revisionLength;
    int otherRest = other.revisionAt + other.revisionLength;
    return revisionAt == other.revisionAt
        && Arrays.equals(bytes, 0, revisionAt, other.bytes, 0, revisionAt)
        && Arrays.equals(bytes, rest, bytes.length, other.bytes, otherRest, other.bytes.length);
  }

  /** This one, sharing the attributes of an earlier state of the object if they are equal. */
  public ObjectTemplate sharing(EncodedObject earlier) {
    return attributes.equals(earlier.attributes())
        ? new ObjectTemplate(key, keyText, bytes, revisionAt, revisionLength, earlier.attributes())
        : this;
  }
}
