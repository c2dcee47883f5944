package dev.shiplog.api.admission;

import dev.shiplog.api.store.Snapshot;
import dev.shiplog.api.store.StoredObject;
import dev.shiplog.topics.catalogue.StorageResource;
import java.util.Iterator;
import java.util.Spliterators;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/** Objects of a state as a stream, in key order. */
public final class Listed {

  private Listed() {}

  /** Objects of a resource in a namespace; empty for all. */
  public static Stream<StoredObject> in(
      Snapshot state, StorageResource resource, String namespace) {
    Iterator<StoredObject> objects = state.list(resource, namespace, "");
    return StreamSupport.stream(Spliterators.spliteratorUnknownSize(objects, 0), false);
  }
}
