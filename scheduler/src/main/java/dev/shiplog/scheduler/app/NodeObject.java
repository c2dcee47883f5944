package dev.shiplog.scheduler.app;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.annotation.JsonDeserialize;
import dev.shiplog.scheduler.model.Node;
import dev.shiplog.scheduler.model.NodeReader;
import io.fabric8.kubernetes.api.model.ObjectMeta;

/** A node of the view. */
@JsonDeserialize(using = NodeObject.Reader.class)
final class NodeObject extends ReadObject {

  private static final long serialVersionUID = 1L;

  private final Node node;

  private NodeObject(ObjectMeta metadata, Node node, String problem) {
    super(metadata, problem);
    this.node = node;
  }

  /** Null if it has a problem. */
  Node node() {
    return node;
  }

  /** See {@link ReadObject.Reader}. */
  static final class Reader extends ReadObject.Reader<NodeObject> {
    @Override
    NodeObject readable(ObjectMeta metadata, JsonNode json) {
      return new NodeObject(metadata, NodeReader.read(json), null);
    }

    @Override
    NodeObject unreadable(ObjectMeta metadata, String problem) {
      return new NodeObject(metadata, null, problem);
    }
  }
}
