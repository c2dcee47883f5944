package dev.shiplog.api.journal;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.shiplog.api.store.ObjectKey;
import dev.shiplog.api.view.EncodedObject;
import dev.shiplog.api.view.ObjectTemplate;

/** A proposed change with all work done that does not need the deciding thread. */
sealed interface PreparedChange {

  ObjectKey key();

  /** The key's text, made once. */
  String keyText();

  /** How many bytes it holds while it waits. */
  int size();

  /**
   * The key gets this object.
   *
   * @param create whether the key must be free
   * @param expectedRevision otherwise, the revision it must be at
   * @param object as proposed; rules that complete objects get a copy of it
   * @param template the object encoded
   * @param comparedWith the stored object it was compared with; null if with none
   * @param sameAsCompared whether it says the same as that one
   */
  record Put(
      ObjectKey key,
      String keyText,
      boolean create,
      long expectedRevision,
      ObjectNode object,
      ObjectTemplate template,
      EncodedObject comparedWith,
      boolean sameAsCompared)
      implements PreparedChange {

    @Override
    public int size() {
      return template.sizeWithoutRevision();
    }
  }

  /** The key becomes free. */
  record Remove(ObjectKey key, String keyText, long expectedRevision) implements PreparedChange {
    @Override
    public int size() {
      return 0;
    }
  }
}
