package dev.shiplog.api.store;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.shiplog.topics.catalogue.StorageResource;
import java.util.Map;

/** Says which values of an object field selectors may ask for. Pure; any thread. */
@FunctionalInterface
public interface ObjectIndexer {

  /** By path; absent values are empty strings, as Kubernetes has it. */
  Map<String, String> fields(StorageResource resource, ObjectNode object);
}
