package dev.shiplog.api.runtime;

import dev.shiplog.api.addresses.AddressRange;
import dev.shiplog.api.addresses.ClusterIpRule;
import dev.shiplog.api.admission.quota.QuotaRule;
import dev.shiplog.api.definitions.CustomResourceRule;
import dev.shiplog.api.definitions.CustomResources;
import dev.shiplog.api.journal.JournalEnvironment;
import dev.shiplog.api.journal.JournalSettings;
import dev.shiplog.api.journal.JournalStore;
import dev.shiplog.api.journal.StoredResources;
import dev.shiplog.api.namespaces.ExtensionFinalizer;
import dev.shiplog.api.registry.NamespaceRule;
import dev.shiplog.api.registry.NodePortRule;
import dev.shiplog.api.registry.NodeRoomRule;
import dev.shiplog.api.registry.PortRange;
import dev.shiplog.api.registry.Registry;
import dev.shiplog.api.store.CommitRule;
import dev.shiplog.topics.metrics.ProcessMetrics;
import dev.shiplog.topics.seal.Sealing;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntUnaryOperator;
import java.util.random.RandomGenerator;

/**
 * Makes the store of a server as configured: alone or one of many, with the rules that every commit
 * is held to.
 */
final class StoreFactory {

  private StoreFactory() {}

  /**
   * Makes the store; it is started later.
   *
   * @param random one of so many
   */
  static JournalStore store(
      ApiEnvironment environment, Registry registry, Sealing sealing, IntUnaryOperator random) {
    return new JournalStore(
        settings(environment),
        new JournalEnvironment(
            environment.log(),
            environment.names(),
            environment.clock(),
            System::nanoTime,
            RandomGenerator.getDefault(),
            environment.faults(),
            environment.threads(),
            ProcessMetrics.here().registry()),
        new StoredResources(
            ApiEnvironment.stored(),
            CustomResources::stored,
            registry.fields(),
            rules(environment, random),
            sealing));
  }

  private static JournalSettings settings(ApiEnvironment environment) {
    ApiConfig config = environment.config();
    return config
        .peerAddress()
        .map(address ->
            JournalSettings.oneOfMany(
                    config.serverId(), address, environment.kafka().replicationFactor() > 1)
                .timed(config.heartbeatInterval(), config.claimTimeout()))
        .orElseGet(() -> JournalSettings.alone(config.serverId()));
  }

  private static List<CommitRule> rules(ApiEnvironment environment, IntUnaryOperator random) {
    ApiConfig config = environment.config();
    List<CommitRule> rules = new ArrayList<>();
    rules.add(new NamespaceRule());
    rules.add(new CustomResourceRule());
    rules.add(new ExtensionFinalizer());
    rules.add(
        new ClusterIpRule(AddressRange.parse(config.serviceCidr()), random, environment.clock()));
    rules.add(new NodeRoomRule());
    rules.add(new NodePortRule(PortRange.parse(config.nodePortRange()), random));
    if (AdmissionPlugins.choice(environment.admission()).includes(QuotaRule.NAME)) {
      rules.add(new QuotaRule());
    }
    return rules;
  }
}
