package dev.shiplog.api.runtime;

import dev.shiplog.api.access.Authorizer;
import dev.shiplog.api.addresses.ServiceAddressRun;
import dev.shiplog.api.admission.policy.PolicyCheckRun;
import dev.shiplog.api.aggregation.ExtensionApis;
import dev.shiplog.api.aggregation.LocalApiRun;
import dev.shiplog.api.certificates.CertificateRun;
import dev.shiplog.api.certificates.CertificateSigner;
import dev.shiplog.api.certificates.RequestDecision;
import dev.shiplog.api.certificates.ServingNames;
import dev.shiplog.api.definitions.CustomResources;
import dev.shiplog.api.definitions.DefinitionRun;
import dev.shiplog.api.definitions.OwnerRun;
import dev.shiplog.api.expiry.EventExpiry;
import dev.shiplog.api.flow.FlowCheckRun;
import dev.shiplog.api.journal.JournalStore;
import dev.shiplog.api.journal.LeaderTask;
import dev.shiplog.api.namespaces.NamespaceRun;
import dev.shiplog.api.projection.ProjectionSettings;
import dev.shiplog.api.remote.Webhooks;
import dev.shiplog.api.tokens.TokenRun;
import dev.shiplog.api.verbs.Verbs;
import java.io.IOException;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.function.Supplier;

/**
 * What the leader looks after beside deciding: each as a {@link LeaderTask}, on a thread of its own
 * for as long as this server leads. Made before the store runs, and closed, by the thread that
 * starts and stops the server.
 */
final class LeaderTasks implements AutoCloseable {

  private final ApiEnvironment environment;
  private final JournalStore store;
  private final List<LeaderTask> tasks = new ArrayList<>();

  /** What the tasks work with. */
  record Parts(
      JournalStore store,
      Verbs verbs,
      CustomResources catalogue,
      ExtensionApis extensions,
      Webhooks webhooks,
      Authorizer authorizer,
      Executor workers) {}

  /**
   * Has the store say when they are to begin and end.
   *
   * @throws IOException if the authority that signs certificates cannot be read
   */
  LeaderTasks(ApiEnvironment environment, Parts parts) throws IOException {
    this.environment = environment;
    this.store = parts.store();
    InstantSource clock = environment.clock();
    CustomResources catalogue = parts.catalogue();
    DefinitionRun.Environment with =
        new DefinitionRun.Environment(
            store,
            parts.verbs(),
            catalogue,
            environment.log(),
            environment.topicCatalogue(),
            clock,
            parts.workers());
    add("looking after custom resources", () -> new DefinitionRun(with));
    add("collecting what custom resources owned", () -> new OwnerRun(with));
    add("letting Events go", () -> new EventExpiry(store, clock, parts.workers()));
    Optional<RequestDecision> signing = signing(environment.config(), parts.authorizer());
    if (signing.isPresent()) {
      add("signing certificates", () -> new CertificateRun(store, signing.get(), clock));
    }
    add("checking admission policies", () -> new PolicyCheckRun(store, catalogue, clock));
    add("checking flow schemas", () -> new FlowCheckRun(store, clock));
    add("keeping local APIServices", () -> new LocalApiRun(store, catalogue, clock));
    String range = environment.config().serviceCidr();
    add("looking after addresses of Services", () -> new ServiceAddressRun(store, range, clock));
    add("looking after tokens", () -> new TokenRun(with));
    add(
        "looking after ending namespaces",
        () -> new NamespaceRun(store, parts.extensions(), parts.webhooks(), clock));
  }

  private void add(String name, Supplier<LeaderTask.Run> run) {
    LeaderTask task =
        new LeaderTask(
            name,
            run,
            ProjectionSettings.STANDARD.retryAfter(),
            environment.faults(),
            environment.threads());
    store.addListener(task);
    tasks.add(task);
  }

  /** How certificates are signed, where the authority's key is given. */
  private Optional<RequestDecision> signing(ApiConfig config, Authorizer authorizer)
      throws IOException {
    if (config.clusterSigningCertFile().isEmpty() || config.clusterSigningKeyFile().isEmpty()) {
      return Optional.empty();
    }
    CertificateSigner signer =
        CertificateSigner.read(
            config.clusterSigningCertFile().get(),
            config.clusterSigningKeyFile().get(),
            new SecureRandom());
    return Optional.of(new RequestDecision(signer, authorizer, new ServingNames(store::current)));
  }

  /** Ends those under way, the last first. */
  @Override
  public void close() {
    tasks.reversed().forEach(LeaderTask::close);
  }
}
