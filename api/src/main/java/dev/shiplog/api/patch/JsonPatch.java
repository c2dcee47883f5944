package dev.shiplog.api.patch;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.shiplog.api.schema.types.TypeDefinition;
import dev.shiplog.api.status.ApiFailure;
import dev.shiplog.api.status.Failures;
import dev.shiplog.api.status.Reason;
import java.util.ArrayList;
import java.util.List;

/** RFC 6902. All operations take effect or none. */
record JsonPatch(List<Operation> operations) implements Patch {

  private static final int MOST_OPERATIONS = 10_000;

  JsonPatch {
    operations = List.copyOf(operations);
  }

  static JsonPatch of(JsonNode json) {
    if (!json.isArray()) {
      throw Failures.badRequest("error decoding patch: it must be a JSON array of operations");
    }
    if (json.size() > MOST_OPERATIONS) {
      throw Failures.tooLarge(
          "The allowed maximum operations in a JSON patch is %d, got %d"
              .formatted(MOST_OPERATIONS, json.size()));
    }
    List<Operation> operations = new ArrayList<>();
    json.forEach(operation -> operations.add(Operation.of(operation)));
    return new JsonPatch(operations);
  }

  @Override
  public ObjectNode applyTo(ObjectNode object, TypeDefinition type) {
    JsonDocument document = new JsonDocument(object.deepCopy());
    for (Operation operation : operations) {
      apply(operation, document);
    }
    if (document.root() instanceof ObjectNode result) {
      return result;
    }
    throw doesNotFit("the result is no object");
  }

  static ApiFailure doesNotFit(String why) {
    return Failures.failure(
        Reason.INVALID,
        "the server rejected our request due to an error in our request: " + why,
        null);
  }

  private static void apply(Operation operation, JsonDocument document) {
    switch (operation.op()) {
      case ADD -> document.add(operation.path(), operation.value());
      case REMOVE -> document.remove(operation.path());
      case REPLACE -> document.replace(operation.path(), operation.value());
      case MOVE -> document.move(operation.from(), operation.path());
      case COPY -> document.copy(operation.from(), operation.path());
      case TEST -> document.test(operation.path(), operation.value());
    }
  }

  /** Names of operations, in capitals. */
  enum Op {
    ADD,
    REMOVE,
    REPLACE,
    MOVE,
    COPY,
    TEST;

    boolean needsFrom() {
      return this == MOVE || this == COPY;
    }

    boolean needsValue() {
      return this == ADD || this == REPLACE || this == TEST;
    }
  }

  /**
   * One operation.
   *
   * @param from empty path where the operation has none
   * @param value null where the operation has none
   */
  record Operation(Op op, JsonPath path, JsonPath from, JsonNode value) {

    static Operation of(JsonNode json) {
      Op op = op(json.path("op").asText());
      if (!json.path("path").isTextual()) {
        throw malformed("an operation \"" + json.path("op").asText() + "\" has no path");
      }
      if (op.needsFrom() && !json.path("from").isTextual()) {
        throw malformed("operation \"" + json.path("op").asText() + "\" has no from");
      }
      // A test for absence may leave out the value.
      if (op.needsValue() && op != Op.TEST && !json.has("value")) {
        throw malformed(
            "operation \"%s\" on \"%s\" has no value"
                .formatted(json.path("op").asText(), json.path("path").asText()));
      }
      return new Operation(
          op,
          JsonPath.parse(json.path("path").asText()),
          JsonPath.parse(op.needsFrom() ? json.path("from").asText() : ""),
          json.has("value") ? json.get("value") : NullNode.getInstance());
    }

    private static Op op(String name) {
      for (Op op : Op.values()) {
        if (op.name().equalsIgnoreCase(name)) {
          return op;
        }
      }
      throw malformed("unexpected operation \"" + name + "\"");
    }

    private static ApiFailure malformed(String why) {
      return Failures.badRequest("error decoding patch: " + why);
    }
  }
}
