package dev.shiplog.api.verbs;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.shiplog.api.access.ServiceAccountTokens;
import dev.shiplog.api.access.ServiceAccountTokens.Bound;
import dev.shiplog.api.access.ServiceAccountTokens.Claims;
import dev.shiplog.api.registry.Meta;
import dev.shiplog.api.request.ApiRequest;
import dev.shiplog.api.request.Target;
import dev.shiplog.api.schema.GroupVersion;
import dev.shiplog.api.schema.decoding.Decoded;
import dev.shiplog.api.status.Failures;
import dev.shiplog.api.status.StatusCause;
import dev.shiplog.api.store.ObjectKey;
import dev.shiplog.api.store.ReadAt;
import dev.shiplog.api.store.Snapshot;
import dev.shiplog.api.store.StoredObject;
import dev.shiplog.topics.catalogue.StorageResource;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** Signs a token for a ServiceAccount: answers a TokenRequest, and keeps nothing. */
final class TokenCreation implements Creation {

  private static final dev.shiplog.api.schema.decoding.Target REQUEST =
      dev.shiplog.api.schema.decoding.Target.of(
          new GroupVersion("authentication.k8s.io", "v1"), "TokenRequest");
  private static final long LEAST_SECONDS = 600;
  private static final long MOST_SECONDS = 1L << 32;
  private static final long DEFAULT_SECONDS = 3600;

  private final Parts parts;
  private final ServiceAccountTokens tokens;
  private final InstantSource clock;
  private final SubresourceAdmission admission;

  TokenCreation(Parts parts, ServiceAccountTokens tokens, InstantSource clock) {
    this.admission = new SubresourceAdmission(parts.admission());
    this.parts = parts;
    this.tokens = tokens;
    this.clock = clock;
  }

  @Override
  public CompletableFuture<Answer> create(ApiRequest.Create request) {
    Decoded decoded =
        parts.forms().decode(request.body(), REQUEST, request.options().fieldValidation());
    return Async.then(
        parts.store().read(new ReadAt.Latest()),
        request.caller().executor(),
        state -> admitted(request, decoded, state));
  }

  private CompletableFuture<Answer> admitted(
      ApiRequest.Create request, Decoded decoded, Snapshot state) {
    return admission
        .create(
            request.target(), request.caller(), decoded.object(), state, request.options().dryRun())
        .thenApplyAsync(
            warnings ->
                answer(
                    request.target(),
                    decoded.object(),
                    state,
                    Creation.both(decoded.warnings(), warnings)),
            request.caller().executor());
  }

  private Answer answer(Target target, ObjectNode request, Snapshot state, List<String> warnings) {
    StoredObject account = state.get(target.key()).orElseThrow(target::notFound);
    ObjectNode spec = request.withObject("/spec");
    long seconds = seconds(spec);
    Instant expires = clock.instant().truncatedTo(ChronoUnit.SECONDS).plusSeconds(seconds);
    List<String> audiences = new ArrayList<>();
    spec.path("audiences").forEach(audience -> audiences.add(audience.asText()));
    String token =
        tokens.sign(
            new Claims(
                target.key(),
                account.uid(),
                audiences,
                expires,
                bound(target, spec.path("boundObjectRef"), state),
                parts.identities().uid()));
    if (audiences.isEmpty()) {
      tokens.audiences().forEach(spec.putArray("audiences")::add);
    }
    spec.put("expirationSeconds", seconds);
    Meta.of(request)
        .put("name", target.name())
        .put("namespace", target.namespace())
        .put("creationTimestamp", parts.identities().now());
    request.putObject("status").put("token", token).put("expirationTimestamp", expires.toString());
    return new Answer.Made(201, request, 0, warnings);
  }

  private static long seconds(ObjectNode spec) {
    long seconds = spec.path("expirationSeconds").asLong(DEFAULT_SECONDS);
    if (seconds < LEAST_SECONDS || seconds > MOST_SECONDS) {
      throw Failures.invalid(
          "authentication.k8s.io",
          "TokenRequest",
          "",
          List.of(
              new StatusCause(
                  "FieldValueInvalid",
                  "Invalid value: %d: may not specify a duration less than 10 minutes or larger than 2^32 seconds"
                      .formatted(seconds),
                  "spec.expirationSeconds")));
    }
    return seconds;
  }

  private static Optional<Bound> bound(Target target, JsonNode ref, Snapshot state) {
    String kind = ref.path("kind").asText("");
    if (kind.isEmpty()) {
      return Optional.empty();
    }
    StorageResource resource =
        switch (kind) {
          case "Pod" -> StorageResource.of("pods", "");
          case "Secret" -> StorageResource.of("secrets", "");
          case "Node" -> StorageResource.of("nodes", "");
          default ->
              throw Failures.badRequest(
                  "cannot bind token for serviceaccount \"%s\" to object type %s"
                      .formatted(target.name(), kind));
        };
    String name = ref.path("name").asText("");
    ObjectKey key = new ObjectKey(resource, kind.equals("Node") ? "" : target.namespace(), name);
    StoredObject object =
        state.get(key).orElseThrow(() -> Failures.notFound("", resource.plural(), name));
    String uid = ref.path("uid").asText("");
    if (!uid.isEmpty() && !uid.equals(object.uid())) {
      throw Failures.conflict(
          "",
          resource.plural(),
          name,
          "the UID in the bound object reference (%s) does not match the UID in record. The object might have been deleted and then recreated"
              .formatted(uid));
    }
    return Optional.of(new Bound(kind.toLowerCase(java.util.Locale.ROOT), name, object.uid()));
  }
}
