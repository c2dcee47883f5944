package dev.shiplog.api.commands;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.shiplog.api.access.Attributes;
import dev.shiplog.api.access.Authorizer;
import dev.shiplog.api.access.Authorizer.Decision;
import dev.shiplog.api.patch.Patch;
import dev.shiplog.api.patch.PatchType;
import dev.shiplog.api.request.ApiRequest;
import dev.shiplog.api.request.Body;
import dev.shiplog.api.request.Caller;
import dev.shiplog.api.request.DeleteOptions;
import dev.shiplog.api.request.Target;
import dev.shiplog.api.request.WriteOptions;
import dev.shiplog.api.schema.ResourceCatalogue;
import dev.shiplog.api.schema.ResourceType;
import dev.shiplog.api.schema.decoding.Syntax;
import dev.shiplog.api.status.ApiFailure;
import dev.shiplog.api.status.Failures;
import dev.shiplog.api.status.Reason;
import dev.shiplog.api.store.Store;
import dev.shiplog.api.verbs.Answer;
import dev.shiplog.api.verbs.PodBinder;
import dev.shiplog.api.verbs.Verbs;
import dev.shiplog.topics.catalogue.StorageResource;
import dev.shiplog.topics.journal.CommandRef;
import dev.shiplog.topics.journal.CommandResult;
import dev.shiplog.topics.journal.Origin;
import dev.shiplog.topics.journal.UserInfo;
import dev.shiplog.topics.record.Command;
import dev.shiplog.topics.record.Json;
import dev.shiplog.topics.record.PodBindings;
import dev.shiplog.topics.record.PodBindings.PodBinding;
import dev.shiplog.topics.trace.LogScope;
import dev.shiplog.topics.trace.Step;
import dev.shiplog.topics.trace.Tracing;
import io.opentelemetry.api.trace.SpanKind;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import org.jboss.logging.Logger;

/** Carries commands out through the verbs, as if their actor had sent a request. Any thread. */
public final class VerbCommandExecutor implements CommandExecutor {

  private static final Logger LOG = Logger.getLogger(VerbCommandExecutor.class);

  private final Supplier<ResourceCatalogue> catalogue;
  private final Store store;
  private final Verbs verbs;
  private final Authorizer authorizer;
  private final InstantSource clock;
  private final Executor workers;

  /**
   * Makes an executor.
   *
   * @param workers run what is done for a command after its commit
   */
  public VerbCommandExecutor(
      Supplier<ResourceCatalogue> catalogue,
      Store store,
      Verbs verbs,
      Authorizer authorizer,
      InstantSource clock,
      Executor workers) {
    this.catalogue = catalogue;
    this.store = store;
    this.verbs = verbs;
    this.authorizer = authorizer;
    this.clock = clock;
    this.workers = workers;
  }

  @Override
  public CompletableFuture<Optional<CommandResult>> execute(Command command, CommandRef ref) {
    Step step = Tracing.here().follow(name(command), SpanKind.CONSUMER, command.traceparent());
    return executed(command.tracedBy(step.traceparent()), ref)
        .whenComplete((result, thrown) -> {
          result.ifPresent(told -> step.with("shiplog.result.code", told.code()));
          step.close();
        });
  }

  private static String name(Command command) {
    Command.Target target = command.target();
    String what = target == null ? "" : " " + target.plural();
    return "command " + command.verb().name().toLowerCase(Locale.ROOT) + what;
  }

  private CompletableFuture<Optional<CommandResult>> executed(Command command, CommandRef ref) {
    Optional<ResourceType> type =
        Optional.ofNullable(command.target())
            .flatMap(t -> catalogue.get().find(t.group(), t.version(), t.plural()));
    CompletableFuture<Long> committed =
        command.verb() == Command.Verb.BIND
            ? bind(command, ref, type)
            : answer(command, ref, type).thenApply(VerbCommandExecutor::committed);
    return committed.handle((revision, thrown) ->
        thrown == null ? changed(revision, type) : refused(command, cause(thrown), type));
  }

  private CompletableFuture<Long> bind(
      Command command, CommandRef ref, Optional<ResourceType> type) {
    try {
      ResourceType pods = type.orElseThrow(() -> unknown(command));
      Caller caller = caller(command, ref);
      PodBindings body = Json.MAPPER.convertValue(command.body(), PodBindings.class);
      List<PodBinder.Bound> bound =
          body.bindings().stream().map(each -> bound(pods, each)).toList();
      bound.forEach(each -> authorize(caller, "create", each.pod()));
      return verbs.binder().bind(caller, bound, body.allOrNone(), events(caller, body));
    } catch (RuntimeException refusal) {
      return CompletableFuture.failedFuture(refusal);
    }
  }

  /** Where the bindings are to be told of, if the actor may do so in all their namespaces. */
  private Optional<ResourceType> events(Caller caller, PodBindings body) {
    return body.announce()
        ? catalogue
            .get()
            .find("", "v1", "events")
            .filter(events ->
                body.bindings().stream()
                    .map(PodBinding::namespace)
                    .distinct()
                    .allMatch(in -> mayCreate(caller, new Target(events, "", in, ""))))
        : Optional.empty();
  }

  private boolean mayCreate(Caller caller, Target target) {
    return authorizer.authorize(caller.user(), attributes("create", target)).allowed();
  }

  private static PodBinder.Bound bound(ResourceType pods, PodBinding binding) {
    ObjectNode metadata = Json.MAPPER.createObjectNode();
    if (!binding.labels().isEmpty()) {
      metadata.set("labels", Json.MAPPER.valueToTree(binding.labels()));
    }
    if (!binding.annotations().isEmpty()) {
      metadata.set("annotations", Json.MAPPER.valueToTree(binding.annotations()));
    }
    return new PodBinder.Bound(
        new Target(pods, "binding", binding.namespace(), binding.name()),
        binding.uid(),
        binding.node(),
        metadata);
  }

  private CompletableFuture<Answer> answer(
      Command command, CommandRef ref, Optional<ResourceType> type) {
    try {
      ApiRequest request = request(command, ref, type.orElseThrow(() -> unknown(command)));
      authorize(request.caller(), request.verb(), request.target());
      return verbs.handle(request);
    } catch (RuntimeException refusal) {
      return CompletableFuture.failedFuture(refusal);
    }
  }

  private ApiRequest request(Command command, CommandRef ref, ResourceType type) {
    Command.Target what = command.target();
    Target target = new Target(type, what.subresource(), what.namespace(), what.name());
    Caller caller = caller(command, ref);
    return switch (command.verb()) {
      case CREATE ->
          new ApiRequest.Create(
              target.subresource().isEmpty() ? target.named("") : target,
              caller,
              body(named(command)),
              WriteOptions.DEFAULT);
      case UPDATE ->
          new ApiRequest.Update(target, caller, body(demanding(command)), WriteOptions.DEFAULT);
      case PATCH -> new ApiRequest.Patch(target, caller, patch(command), WriteOptions.DEFAULT);
      case DELETE -> new ApiRequest.Delete(target, caller, deleteOptions(command));
      case BEGIN, BIND -> throw Failures.badRequest(command.verb() + " is about no single object");
    };
  }

  private Caller caller(Command command, CommandRef ref) {
    Origin origin = CommandOrigin.of(command, ref, clock.millis());
    return new Caller(
        origin.user(),
        origin.auditId(),
        origin.requestUri(),
        origin.sourceIps(),
        origin.userAgent(),
        origin.receivedMs(),
        origin.command(),
        origin.traceparent(),
        workers);
  }

  private void authorize(Caller caller, String verb, Target target) {
    Attributes attributes = attributes(verb, target);
    UserInfo user = caller.user();
    Decision decision = authorizer.authorize(user, attributes);
    // A command's patch is an update said as a difference: whoever may replace an object may do it.
    boolean allowed =
        decision.allowed()
            || (verb.equals("patch")
                && authorizer.authorize(user, attributes.withVerb("update")).allowed());
    if (!allowed) {
      throw attributes.forbidden(user.username(), decision.reason());
    }
  }

  private static Attributes attributes(String verb, Target target) {
    return new Attributes(
        verb,
        target.type().group(),
        target.type().version(),
        target.type().plural(),
        target.subresource(),
        target.namespace(),
        target.name(),
        "");
  }

  /** A new object bears the name its command is about, so that commands about it stay in order. */
  private static ObjectNode named(Command command) {
    ObjectNode object = object(command);
    String name = command.target().name();
    if (!name.isEmpty()) {
      object.withObject("/metadata").put("name", name);
    }
    return object;
  }

  private static ObjectNode demanding(Command command) {
    ObjectNode object = object(command);
    if (command.precondition() != null) {
      demand(object.withObject("/metadata"), command.precondition());
    }
    return object;
  }

  private static void demand(ObjectNode metadata, Command.Precondition precondition) {
    if (precondition.uid() != null) {
      metadata.put("uid", precondition.uid());
    }
    if (precondition.resourceVersion() != null) {
      metadata.put("resourceVersion", precondition.resourceVersion());
    }
  }

  private static Patch patch(Command command) {
    PatchType type =
        PatchType.of(command.patchType() == null ? "" : command.patchType())
            .orElseThrow(() -> Failures.badRequest("unknown type of patch"));
    JsonNode patch = command.body();
    if (command.precondition() != null) {
      patch = patch.deepCopy();
      if (patch instanceof ObjectNode object) {
        demand(object.withObject("/metadata"), command.precondition());
      } else if (patch instanceof ArrayNode operations) {
        demandFirst(operations, command.precondition());
      }
    }
    return Patch.parse(type, Json.bytes(patch));
  }

  private static void demandFirst(ArrayNode operations, Command.Precondition precondition) {
    ObjectNode demanded = operations.objectNode();
    demand(demanded, precondition);
    demanded
        .properties()
        .forEach(field ->
            operations
                .insertObject(0)
                .put("op", "add")
                .put("path", "/metadata/" + field.getKey())
                .set("value", field.getValue()));
  }

  private static DeleteOptions deleteOptions(Command command) {
    DeleteOptions options =
        command.body() == null || command.body().isNull()
            ? DeleteOptions.DEFAULT
            : DeleteOptions.of(command.body());
    Command.Precondition precondition = command.precondition();
    return precondition == null
        ? options
        : new DeleteOptions(
            options.gracePeriodSeconds(),
            Optional.ofNullable(precondition.uid()).or(options::uid),
            Optional.ofNullable(precondition.resourceVersion()).or(options::resourceVersion),
            options.propagation(),
            options.dryRun());
  }

  private static ObjectNode object(Command command) {
    if (command.body() instanceof ObjectNode object) {
      return object.deepCopy();
    }
    throw Failures.badRequest("the command's body is no object");
  }

  private static Body body(ObjectNode object) {
    return new Body(Json.bytes(object), Syntax.JSON);
  }

  private static ApiFailure unknown(Command command) {
    return Failures.failure(Reason.NOT_FOUND, "no resource is served as " + command.target(), null);
  }

  /** Empty if a commit names the command. */
  private Optional<CommandResult> changed(long committed, Optional<ResourceType> type) {
    return committed > 0 ? Optional.empty() : Optional.of(result(200, "", "", type));
  }

  private static long committed(Answer answer) {
    return switch (answer) {
      case Answer.Stored stored -> stored.committed();
      case Answer.Made made -> made.committed();
      case Answer.Listing listing -> 0;
    };
  }

  private Optional<CommandResult> refused(
      Command command, Throwable thrown, Optional<ResourceType> type) {
    if (!(thrown instanceof ApiFailure failure)) {
      try (var _ = LogScope.of(command.id(), command.traceparent())) {
        LOG.errorf(thrown, "command %s of %s failed", command.id(), command.application());
      }
      return Optional.of(result(500, Reason.INTERNAL_ERROR.text(), thrown.toString(), type));
    }
    if (failure.reason() == Reason.SERVICE_UNAVAILABLE || failure.reason() == Reason.TIMEOUT) {
      throw failure;
    }
    return Optional.of(result(failure.code(), failure.reason().text(), failure.getMessage(), type));
  }

  private CommandResult result(
      int code, String reason, String message, Optional<ResourceType> type) {
    Optional<StorageResource> resource = type.flatMap(ResourceType::storage);
    return new CommandResult(
        code,
        reason,
        message,
        resource.map(StorageResource::name).orElse(""),
        resource.map(store.current()::lastRevision).orElse(0L));
  }

  private static Throwable cause(Throwable thrown) {
    return thrown instanceof CompletionException && thrown.getCause() != null
        ? thrown.getCause()
        : thrown;
  }
}
