package dev.shiplog.api.aggregation;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.shiplog.api.aggregation.ExtensionApis.Documents;
import dev.shiplog.api.journal.OwnCommits;
import dev.shiplog.api.remote.Remote;
import dev.shiplog.api.remote.Webhooks;
import dev.shiplog.api.schema.GroupVersion;
import dev.shiplog.api.schema.decoding.CanonicalForm;
import dev.shiplog.api.schema.types.TypeCatalogue;
import dev.shiplog.api.schema.types.TypeDefinition;
import dev.shiplog.api.status.ApiFailure;
import dev.shiplog.api.store.ProposedChange;
import dev.shiplog.api.store.Snapshot;
import dev.shiplog.api.store.Store;
import dev.shiplog.api.store.StoredObject;
import dev.shiplog.topics.journal.UserInfo;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;

/**
 * Asks the servers behind APIServices, again and again, whether they are there and what they serve,
 * and writes down in the APIServices what it finds. Every API server does so for itself; what they
 * find is the same as a rule, and where it is not, the last one counts. One thread of its own.
 */
public final class AvailabilityProbe implements AutoCloseable {

  private static final Logger LOG = Logger.getLogger(AvailabilityProbe.class);
  private static final UserInfo SELF =
      UserInfo.of("system:apiserver", "system:masters", "system:authenticated");
  private static final Duration ANSWER_TIMEOUT = Duration.ofSeconds(5);
  private static final long LOOK_EVERY_MS = 1_000;

  /** A server that was there, and whose APIService has not changed, is asked so rarely. */
  private static final long PROBE_EVERY_MS = 15_000;

  private static final TypeDefinition TYPE =
      TypeCatalogue.builtIn().get("io.k8s.kube-aggregator.pkg.apis.apiregistration.v1.APIService");

  private final ExtensionApis apis;
  private final OwnCommits commits;
  private final Webhooks calls;
  private final InstantSource clock;
  private final Thread thread;
  private volatile boolean closed;
  private long probed;
  private long probedRevision = -1;

  /** Makes a probe; it begins with {@link #start}. */
  public AvailabilityProbe(
      ExtensionApis apis, Store store, Webhooks calls, InstantSource clock, ThreadFactory threads) {
    this.apis = apis;
    this.commits = new OwnCommits(store, clock, SELF);
    this.calls = calls;
    this.clock = clock;
    this.thread = threads.newThread(this::run);
  }

  public void start() {
    thread.start();
  }

  @Override
  public void close() {
    closed = true;
    thread.interrupt();
  }

  private void run() {
    while (!closed) {
      try {
        TimeUnit.MILLISECONDS.sleep(LOOK_EVERY_MS);
        look();
      } catch (InterruptedException stopping) {
        return;
      } catch (RuntimeException failed) {
        LOG.debug("APIServices could not be looked at; it is tried again", failed);
      }
    }
  }

  private void look() {
    Snapshot state = apis.state();
    long revision = state.lastRevision(ExtensionApis.RESOURCE);
    boolean due = clock.millis() - probed >= PROBE_EVERY_MS;
    boolean waiting = apis.all().stream().anyMatch(api -> !api.available());
    if (revision == probedRevision && !due && !waiting) {
      return;
    }
    List<StoredObject> services = new ArrayList<>();
    state.list(ExtensionApis.RESOURCE, "", "").forEachRemaining(services::add);
    services.forEach(service -> look(state, service));
    probed = clock.millis();
    probedRevision = revision;
  }

  private void look(Snapshot state, StoredObject service) {
    ObjectNode tree = service.tree();
    Availability found =
        ExtensionApi.isLocal(tree) ? Availability.LOCAL : probe(ExtensionApi.of(tree), state);
    ObjectNode next = tree.deepCopy();
    found.writeTo(next, clock.instant());
    CanonicalForm.apply(TYPE, next);
    if (!next.equals(tree)) {
      // What changed meanwhile is looked at again.
      var _ =
          commits.commit(
              "update",
              "",
              List.of(new ProposedChange.Update(service.key(), service.revision(), next)));
    }
  }

  private Availability probe(ExtensionApi api, Snapshot state) {
    Remote remote;
    try {
      remote = api.remote(state);
    } catch (ApiFailure nowhere) {
      return Availability.not(reason(nowhere.getMessage()), nowhere.getMessage());
    }
    GroupVersion version = api.groupVersion();
    String path = "/apis/" + version.group() + "/" + version.version();
    try {
      JsonNode resources = calls.get(remote, path, ANSWER_TIMEOUT).join();
      apis.learn(version, new Documents(resources, openApi(remote, version)));
      return Availability.PASSED;
    } catch (CompletionException failed) {
      return Availability.not(
          "FailedDiscoveryCheck",
          "failing or missing response from https://%s:%d%s: %s"
              .formatted(remote.address(), remote.port(), path, failed.getCause().getMessage()));
    }
  }

  /** A server need not have OpenAPI; then it is served without. */
  private String openApi(Remote remote, GroupVersion version) {
    try {
      return calls
          .get(remote, "/openapi/v3", ANSWER_TIMEOUT)
          .join()
          .path("paths")
          .path("apis/" + version.group() + "/" + version.version())
          .path("serverRelativeURL")
          .asText("");
    } catch (CompletionException none) {
      return "";
    }
  }

  private static String reason(String message) {
    if (message.contains("not found")) {
      return message.startsWith("no service port") ? "ServicePortError" : "ServiceNotFound";
    }
    return message.startsWith("no endpoints") ? "MissingEndpoints" : "ServicePortError";
  }
}
