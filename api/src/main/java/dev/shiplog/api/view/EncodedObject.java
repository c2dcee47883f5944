package dev.shiplog.api.view;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.shiplog.api.store.ObjectKey;
import dev.shiplog.api.store.StoredObject;
import java.util.List;
import java.util.Map;

/**
 * An object as it is stored: its bytes, where in them the resourceVersion stands, and its
 * attributes. Immutable; any thread.
 */
public final class EncodedObject implements StoredObject {

  private final ObjectKey key;
  private final String keyText;
  private final long revision;
  private final byte[] bytes;
  private final int revisionAt;
  private final int revisionLength;
  private final Attributes attributes;

  EncodedObject(
      ObjectKey key,
      String keyText,
      long revision,
      byte[] bytes,
      int revisionAt,
      int revisionLength,
      Attributes attributes) {
    this.key = key;
    this.keyText = keyText;
    this.revision = revision;
    this.bytes = bytes;
    this.revisionAt = revisionAt;
    this.revisionLength = revisionLength;
    this.attributes = attributes;
  }

  @Override
  public ObjectKey key() {
    return key;
  }

  /** The key's text, made once. */
  public String keyText() {
    return keyText;
  }

  @Override
  public long revision() {
    return revision;
  }

  @Override
  public String uid() {
    return attributes.uid();
  }

  @Override
  public Map<String, String> labels() {
    return attributes.labels();
  }

  @Override
  public Map<String, String> fields() {
    return attributes.fields();
  }

  @Override
  public List<String> ownerUids() {
    return attributes.ownerUids();
  }

  @Override
  public byte[] bytes() {
    return bytes;
  }

  @Override
  public ObjectNode tree() {
    return StoredTree.whole(bytes);
  }

  @Override
  public ObjectNode content() {
    return StoredTree.content(bytes);
  }

  /** The same object with another resourceVersion inside. */
  public EncodedObject withRevision(long newRevision) {
    return template().at(newRevision);
  }

  /** This one, sharing the attributes of an earlier state of the object if they are equal. */
  public EncodedObject sharing(EncodedObject earlier) {
    return attributes.equals(earlier.attributes)
        ? new EncodedObject(
            key, keyText, revision, bytes, revisionAt, revisionLength, earlier.attributes)
        : this;
  }

  /** The object without its revision. */
  public ObjectTemplate template() {
    return new ObjectTemplate(key, keyText, bytes, revisionAt, revisionLength, attributes);
  }

  Attributes attributes() {
    return attributes;
  }

  @Override
  public String toString() {
    return key.resource() + " " + keyText + "@" + revision;
  }
}
