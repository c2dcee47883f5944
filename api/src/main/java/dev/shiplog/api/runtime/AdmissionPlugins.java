package dev.shiplog.api.runtime;

import dev.shiplog.api.access.Authorizer;
import dev.shiplog.api.access.SecretTokens;
import dev.shiplog.api.access.rbac.EscalationCheck;
import dev.shiplog.api.admission.Admission;
import dev.shiplog.api.admission.AdmissionMetrics;
import dev.shiplog.api.admission.AdmissionPlugin;
import dev.shiplog.api.admission.CertificateAdmission;
import dev.shiplog.api.admission.DefaultIngressClass;
import dev.shiplog.api.admission.DefaultStorageClass;
import dev.shiplog.api.admission.DefaultTolerationSeconds;
import dev.shiplog.api.admission.DenyServiceExternalIps;
import dev.shiplog.api.admission.ExtendedResourceToleration;
import dev.shiplog.api.admission.NamespaceLifecycle;
import dev.shiplog.api.admission.OwnerReferencesPermissionEnforcement;
import dev.shiplog.api.admission.PersistentVolumeClaimResize;
import dev.shiplog.api.admission.PluginChoice;
import dev.shiplog.api.admission.PriorityAdmission;
import dev.shiplog.api.admission.RuntimeClassAdmission;
import dev.shiplog.api.admission.ServiceAccountAdmission;
import dev.shiplog.api.admission.StorageObjectInUseProtection;
import dev.shiplog.api.admission.TaintNodesByCondition;
import dev.shiplog.api.admission.limits.LimitRanger;
import dev.shiplog.api.admission.nodes.NodeRestriction;
import dev.shiplog.api.admission.podsecurity.Level;
import dev.shiplog.api.admission.podsecurity.PodSecurity;
import dev.shiplog.api.admission.podsecurity.PodSecuritySettings;
import dev.shiplog.api.admission.policy.MutatingPolicies;
import dev.shiplog.api.admission.policy.ValidatingPolicies;
import dev.shiplog.api.admission.quota.QuotaRule;
import dev.shiplog.api.admission.webhook.HttpsCaller;
import dev.shiplog.api.admission.webhook.MutatingWebhooks;
import dev.shiplog.api.admission.webhook.ValidatingWebhooks;
import dev.shiplog.api.certificates.RequesterIdentity;
import dev.shiplog.api.schema.ResourceCatalogue;
import dev.shiplog.api.store.Store;
import dev.shiplog.topics.metrics.ProcessMetrics;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.IntUnaryOperator;
import java.util.function.Supplier;

/** Puts the admission plug-ins together, in the order in which Kubernetes asks them. */
final class AdmissionPlugins {

  private AdmissionPlugins() {}

  /** What plug-ins look at besides the request. */
  record Surroundings(
      Store store,
      Authorizer authorizer,
      Supplier<ResourceCatalogue> catalogue,
      HttpsCaller webhooks,
      SecretTokens secretTokens,
      EscalationCheck escalation,
      IntUnaryOperator random,
      InstantSource clock) {}

  static PluginChoice choice(AdmissionConfig config) {
    return new PluginChoice(
        Set.copyOf(config.enable().orElse(List.of())),
        Set.copyOf(config.disable().orElse(List.of())));
  }

  static Admission admission(AdmissionConfig config, Surroundings around) {
    List<AdmissionPlugin> all = all(config, around);
    PluginChoice choice = choice(config);
    List<String> names = new ArrayList<>(all.stream().map(AdmissionPlugin::name).toList());
    names.add(QuotaRule.NAME);
    choice.requireKnown(names);
    return new Admission(choice.of(all), new AdmissionMetrics(ProcessMetrics.here().registry()));
  }

  private static List<AdmissionPlugin> all(AdmissionConfig config, Surroundings around) {
    return List.of(
        new RequesterIdentity(around.clock()),
        new NamespaceLifecycle(),
        new LimitRanger(),
        new ServiceAccountAdmission(around.store(), around.random()),
        around.secretTokens(),
        new NodeRestriction(around.authorizer()),
        new TaintNodesByCondition(),
        new PodSecurity(podSecurity(config.podSecurity())),
        new PriorityAdmission(),
        new DefaultTolerationSeconds(),
        new ExtendedResourceToleration(),
        new DefaultStorageClass(),
        new StorageObjectInUseProtection(),
        new OwnerReferencesPermissionEnforcement(around.authorizer(), around.catalogue()),
        new PersistentVolumeClaimResize(),
        new RuntimeClassAdmission(),
        CertificateAdmission.approval(around.authorizer()),
        CertificateAdmission.signing(around.authorizer()),
        CertificateAdmission.subjectRestriction(),
        around.escalation(),
        new DefaultIngressClass(),
        new DenyServiceExternalIps(),
        new MutatingPolicies(around.catalogue(), around.authorizer()),
        new MutatingWebhooks(around.webhooks(), around.catalogue(), around.authorizer()),
        new ValidatingPolicies(around.catalogue(), around.authorizer()),
        new ValidatingWebhooks(around.webhooks(), around.catalogue(), around.authorizer()));
  }

  private static PodSecuritySettings podSecurity(AdmissionConfig.PodSecurity config) {
    return new PodSecuritySettings(
        level(config.enforce()),
        level(config.audit()),
        level(config.warn()),
        config.exemptUsernames().orElse(Set.of()),
        config.exemptNamespaces().orElse(Set.of()),
        config.exemptRuntimeClasses().orElse(Set.of()));
  }

  private static Level level(String text) {
    return Level.valueOf(text.toUpperCase(Locale.ROOT));
  }
}
