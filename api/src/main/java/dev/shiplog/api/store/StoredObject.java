package dev.shiplog.api.store;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Map;

/**
 * An object at one revision: its bytes as every reader gets them, and beside them what is asked for
 * often. Immutable; any thread.
 */
public interface StoredObject {

  ObjectKey key();

  long revision();

  String uid();

  Map<String, String> labels();

  /**
   * Values that field selectors may ask for, by path, for example {@code spec.nodeName}. {@code
   * metadata.name} and {@code metadata.namespace} are not in it.
   */
  Map<String, String> fields();

  /** Uids of its owners. */
  List<String> ownerUids();

  /**
   * The JSON in the storage version, {@code metadata.resourceVersion} inside. Shared: do not
   * change.
   */
  byte[] bytes();

  /** The object as a tree of its own for the caller to change; parsed at each call. */
  ObjectNode tree();

  /**
   * As {@link #tree}, for those who do not ask who set which fields: managedFields may be left out.
   */
  default ObjectNode content() {
    return tree();
  }
}
