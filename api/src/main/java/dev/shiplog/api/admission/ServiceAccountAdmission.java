package dev.shiplog.api.admission;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.shiplog.api.admission.AdmissionRequest.Operation;
import dev.shiplog.api.store.ObjectKey;
import dev.shiplog.api.store.ReadAt;
import dev.shiplog.api.store.Snapshot;
import dev.shiplog.api.store.Store;
import dev.shiplog.api.store.StoredObject;
import dev.shiplog.topics.catalogue.StorageResource;
import dev.shiplog.topics.record.Json;
import dev.shiplog.topics.record.JsonBytes;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.IntUnaryOperator;

/**
 * Every pod runs as a ServiceAccount that exists; {@code default} where it names none. The default
 * account of a new namespace is made by a controller, so it is waited for, a little.
 *
 * <p>Pods that want it, and accounts that do not refuse it, get the account's token; pods that name
 * no pull secrets get the account's.
 */
public final class ServiceAccountAdmission implements AdmissionPlugin {

  private static final StorageResource ACCOUNTS = StorageResource.of("serviceaccounts", "");
  private static final String DEFAULT = "default";
  private static final String AUTOMOUNT = "automountServiceAccountToken";
  private static final String PULL_SECRETS = "imagePullSecrets";
  private static final int TRIES = 20;
  private static final long PAUSE_MS = 100;

  private final Store store;
  private final IntUnaryOperator random;

  /**
   * The plugin.
   *
   * @param random a number below its argument; any thread
   */
  public ServiceAccountAdmission(Store store, IntUnaryOperator random) {
    this.store = store;
    this.random = random;
  }

  @Override
  public String name() {
    return "ServiceAccount";
  }

  @Override
  public boolean handles(AdmissionRequest request) {
    return request.operation() == Operation.CREATE
        && request.isAbout("pods")
        && !isMirror(request.object());
  }

  /** What only shows a node's own pod runs as nobody. */
  private static boolean isMirror(JsonNode pod) {
    return pod.path("metadata").path("annotations").has("kubernetes.io/config.mirror");
  }

  @Override
  public CompletableFuture<Void> mutate(AdmissionRequest request) {
    ObjectNode spec = request.object().withObject("/spec");
    String account = spec.path("serviceAccountName").asText("");
    if (account.isEmpty()) {
      account = DEFAULT;
      spec.put("serviceAccountName", DEFAULT);
    }
    // The old name of the field; clients still read it.
    spec.put("serviceAccount", account);
    ObjectKey key = new ObjectKey(ACCOUNTS, request.target().namespace(), account);
    Optional<StoredObject> known = request.state().get(key);
    if (known.isPresent()) {
      return complete(spec, known.get());
    }
    return await(request, key, account.equals(DEFAULT) ? TRIES : 1);
  }

  private CompletableFuture<Void> await(AdmissionRequest request, ObjectKey key, int tries) {
    return store
        .read(new ReadAt.Latest())
        .thenComposeAsync(state -> found(request, state, key, tries), request.caller().executor());
  }

  private CompletableFuture<Void> found(
      AdmissionRequest request, Snapshot state, ObjectKey key, int tries) {
    Optional<StoredObject> known = state.get(key);
    if (known.isPresent()) {
      return complete(request.object().withObject("/spec"), known.get());
    }
    if (tries <= 1) {
      throw request
          .target()
          .forbidden(
              "error looking up service account %s/%s: serviceaccount \"%s\" not found"
                  .formatted(key.namespace(), key.name(), key.name()));
    }
    Executor later = CompletableFuture.delayedExecutor(PAUSE_MS, TimeUnit.MILLISECONDS);
    return CompletableFuture.runAsync(() -> {}, later)
        .thenComposeAsync(paused -> await(request, key, tries - 1), request.caller().executor());
  }

  /** Of the account only what is asked for is read: every pod comes by here. */
  private CompletableFuture<Void> complete(ObjectNode spec, StoredObject stored) {
    if (spec.path(PULL_SECRETS).isEmpty()) {
      JsonBytes.json(stored.bytes(), PULL_SECRETS)
          .map(secrets -> Json.read(secrets.getBytes(StandardCharsets.UTF_8), JsonNode.class))
          .filter(secrets -> !secrets.isEmpty())
          .ifPresent(secrets -> spec.set(PULL_SECRETS, secrets));
    }
    boolean refused = JsonBytes.json(stored.bytes(), AUTOMOUNT).filter("false"::equals).isPresent();
    if (spec.path(AUTOMOUNT).asBoolean(!refused)) {
      TokenVolume.add(spec, random);
    }
    return Admission.DONE;
  }
}
