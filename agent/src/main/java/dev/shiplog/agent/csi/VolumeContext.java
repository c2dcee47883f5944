package dev.shiplog.agent.csi;

import dev.shiplog.agent.cluster.ClusterClient.ServiceAccountToken;
import dev.shiplog.agent.config.ConfigSource;
import dev.shiplog.agent.container.PodConfigException;
import dev.shiplog.topics.record.Json;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretReference;
import io.fabric8.kubernetes.api.model.storage.TokenRequest;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What a driver is told besides the volume: whose it is, the pod's tokens, secrets. Blocks; safe
 * for use by many threads.
 *
 * @param config where Secrets come from
 * @param tokens where tokens come from
 */
record VolumeContext(ConfigSource config, PodTokens tokens) {

  private static final String PREFIX = "csi.storage.k8s.io/";

  /** The volume's attributes with what the driver wants to know of the pod. */
  Map<String, String> of(Pod pod, CsiVolume volume, DriverTraits traits) {
    Map<String, String> context = new HashMap<>(volume.attributes());
    if (traits.podInfoOnMount()) {
      context.putAll(podInfo(pod, volume));
    }
    if (!traits.tokenRequests().isEmpty()) {
      context.put(PREFIX + "serviceAccount.tokens", tokens(pod, traits));
    }
    return context;
  }

  private static Map<String, String> podInfo(Pod pod, CsiVolume volume) {
    var meta = pod.getMetadata();
    String account = pod.getSpec().getServiceAccountName();
    return Map.of(
        PREFIX + "pod.name", meta.getName(),
        PREFIX + "pod.namespace", meta.getNamespace(),
        PREFIX + "pod.uid", meta.getUid(),
        PREFIX + "serviceAccount.name", account == null ? "" : account,
        PREFIX + "ephemeral", Boolean.toString(volume.isEphemeral()));
  }

  /** By audience, as the status of a TokenRequest has it. */
  private String tokens(Pod pod, DriverTraits traits) {
    Map<String, Map<String, String>> byAudience = new TreeMap<>();
    for (TokenRequest wanted : traits.tokenRequests()) {
      String audience = wanted.getAudience() == null ? "" : wanted.getAudience();
      ServiceAccountToken token = tokens.token(pod, audience, wanted.getExpirationSeconds());
      byAudience.put(
          audience,
          Map.of("token", token.token(), "expirationTimestamp", token.expiresAt().toString()));
    }
    return new String(Json.bytes(byAudience), StandardCharsets.UTF_8);
  }

  /** The Secret's values; none where none is named. */
  Map<String, String> secrets(Optional<SecretReference> named) {
    if (named.isEmpty()) {
      return Map.of();
    }
    String namespace = named.get().getNamespace();
    String name = named.get().getName();
    Secret secret =
        config
            .secret(namespace, name)
            .orElseThrow(() ->
                new PodConfigException(
                    "failed to find the secret %s in the namespace %s".formatted(name, namespace)));
    Map<String, String> values = new HashMap<>();
    if (secret.getData() != null) {
      secret
          .getData()
          .forEach((key, value) ->
              values.put(
                  key, new String(Base64.getDecoder().decode(value), StandardCharsets.UTF_8)));
    }
    return values;
  }
}
