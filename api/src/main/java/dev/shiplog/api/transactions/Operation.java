package dev.shiplog.api.transactions;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.shiplog.api.access.Attributes;
import dev.shiplog.api.patch.Patch;
import dev.shiplog.api.request.ApiRequest;
import dev.shiplog.api.request.Body;
import dev.shiplog.api.request.Caller;
import dev.shiplog.api.request.DeleteOptions;
import dev.shiplog.api.request.Target;
import dev.shiplog.api.request.WriteOptions;
import dev.shiplog.api.schema.decoding.Syntax;
import dev.shiplog.topics.record.Json;
import java.util.Optional;

/**
 * One operation of a transaction.
 *
 * @param target what it is about; without a name only where one is to be generated
 * @param what what is done
 * @param uid the uid the object must have; empty for any
 * @param resourceVersion the revision it must be at; empty for any
 * @param fieldManager empty for the client's program
 */
record Operation(
    Target target, What what, String uid, String resourceVersion, String fieldManager) {

  /** What an operation does. */
  sealed interface What {
    /** Makes an object. */
    record Create(ObjectNode object) implements What {}

    /** Replaces an object. */
    record Update(ObjectNode object) implements What {}

    /** Applies fields. */
    record Apply(ObjectNode object, boolean force) implements What {}

    /** Changes an object by a difference. */
    record Patched(Patch patch) implements What {}

    /** Deletes an object. */
    record Delete(DeleteOptions options) implements What {}

    /** Demands that an object is there and as it is demanded to be. */
    record Check() implements What {}
  }

  /** The operation's name in the API. */
  String name() {
    return switch (what) {
      case What.Create _ -> "Create";
      case What.Update _ -> "Update";
      case What.Apply _ -> "Apply";
      case What.Patched _ -> "Patch";
      case What.Delete _ -> "Delete";
      case What.Check _ -> "Check";
    };
  }

  /** What has to be allowed for it. */
  Attributes asked() {
    String verb =
        switch (what) {
          case What.Create _ -> "create";
          case What.Update _ -> "update";
          case What.Apply _, What.Patched _ -> "patch";
          case What.Delete _ -> "delete";
          case What.Check _ -> "get";
        };
    boolean itself = target.type().plural().equals("namespaces") && target.type().group().isEmpty();
    return new Attributes(
        verb,
        target.type().group(),
        target.type().version(),
        target.type().plural(),
        target.subresource(),
        itself ? target.name() : target.namespace(),
        what instanceof What.Create ? "" : target.name(),
        "");
  }

  /** The request that does it; empty for a check. */
  Optional<ApiRequest> request(Caller caller, WriteOptions common) {
    WriteOptions options =
        new WriteOptions(
            common.dryRun(),
            common.fieldValidation(),
            fieldManager.isEmpty() ? common.fieldManager() : fieldManager);
    return Optional.ofNullable(
        switch (what) {
          case What.Create create ->
              new ApiRequest.Create(
                  target.named(""), caller, body(create.object(), Syntax.JSON), options);
          case What.Update update ->
              new ApiRequest.Update(target, caller, body(update.object(), Syntax.JSON), options);
          case What.Apply apply ->
              new ApiRequest.Apply(
                  target, caller, body(apply.object(), Syntax.YAML), options, apply.force());
          case What.Patched patched ->
              new ApiRequest.Patch(target, caller, patched.patch(), options);
          case What.Delete delete ->
              new ApiRequest.Delete(target, caller, delete.options().withDryRun(common.dryRun()));
          case What.Check _ -> null;
        });
  }

  private static Body body(ObjectNode object, Syntax syntax) {
    return new Body(Json.bytes(object), syntax);
  }
}
