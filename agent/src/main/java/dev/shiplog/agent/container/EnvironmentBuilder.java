package dev.shiplog.agent.container;

import dev.shiplog.agent.config.ConfigSource;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapEnvSource;
import io.fabric8.kubernetes.api.model.ConfigMapKeySelector;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.EnvFromSource;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.EnvVarSource;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretEnvSource;
import io.fabric8.kubernetes.api.model.SecretKeySelector;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * A container's environment, in Kubernetes' order of precedence: what {@code env} says, over what
 * {@code envFrom} brings, over the addresses of services. Blocks while it asks for ConfigMaps and
 * Secrets.
 */
final class EnvironmentBuilder {

  private final String namespace;
  private final ConfigSource config;
  private final PodFields fields;
  private final ResourceFields resources;

  EnvironmentBuilder(
      String namespace, ConfigSource config, PodFields fields, ResourceFields resources) {
    this.namespace = namespace;
    this.config = config;
    this.fields = fields;
    this.resources = resources;
  }

  /**
   * The variables by name, in order.
   *
   * @throws PodConfigException if something it refers to is missing and not optional
   */
  Map<String, String> build(Container container, Map<String, String> serviceVariables) {
    Map<String, String> own = new LinkedHashMap<>();
    Map<String, String> known = new HashMap<>(serviceVariables);
    for (EnvFromSource source : container.getEnvFrom()) {
      addAll(source, own);
    }
    known.putAll(own);
    for (EnvVar variable : container.getEnv()) {
      value(variable, container, known)
          .ifPresent(value -> {
            own.put(variable.getName(), value);
            known.put(variable.getName(), value);
          });
    }
    serviceVariables.forEach(own::putIfAbsent);
    return own;
  }

  private void addAll(EnvFromSource source, Map<String, String> into) {
    String prefix = source.getPrefix() == null ? "" : source.getPrefix();
    if (source.getConfigMapRef() != null) {
      ConfigMapEnvSource ref = source.getConfigMapRef();
      configMap(ref.getName(), isTrue(ref.getOptional()))
          .ifPresent(map -> Data.texts(map).forEach((k, v) -> into.put(prefix + k, v)));
    }
    if (source.getSecretRef() != null) {
      SecretEnvSource ref = source.getSecretRef();
      secret(ref.getName(), isTrue(ref.getOptional()))
          .ifPresent(secret -> Data.texts(secret).forEach((k, v) -> into.put(prefix + k, v)));
    }
  }

  /** Empty where an optional source is missing. */
  private Optional<String> value(EnvVar variable, Container container, Map<String, String> known) {
    if (variable.getValue() != null && !variable.getValue().isEmpty()) {
      return Optional.of(VariableExpansion.expand(variable.getValue(), known));
    }
    return variable.getValueFrom() == null
        ? Optional.of("")
        : sourced(variable.getValueFrom(), container);
  }

  private Optional<String> sourced(EnvVarSource source, Container container) {
    if (source.getFieldRef() != null) {
      return Optional.of(fields.value(source.getFieldRef().getFieldPath()));
    }
    if (source.getResourceFieldRef() != null) {
      return Optional.of(resources.value(source.getResourceFieldRef(), container));
    }
    if (source.getConfigMapKeyRef() != null) {
      return configMapKey(source.getConfigMapKeyRef());
    }
    if (source.getSecretKeyRef() != null) {
      return secretKey(source.getSecretKeyRef());
    }
    throw new PodConfigException("environment variable has a valueFrom of an unknown kind");
  }

  private Optional<String> configMapKey(ConfigMapKeySelector ref) {
    boolean optional = isTrue(ref.getOptional());
    return configMap(ref.getName(), optional)
        .flatMap(map -> key(Data.texts(map), ref.getKey(), optional, "ConfigMap", ref.getName()));
  }

  private Optional<String> secretKey(SecretKeySelector ref) {
    boolean optional = isTrue(ref.getOptional());
    return secret(ref.getName(), optional)
        .flatMap(map -> key(Data.texts(map), ref.getKey(), optional, "Secret", ref.getName()));
  }

  private Optional<String> key(
      Map<String, String> data, String key, boolean optional, String kind, String name) {
    Optional<String> value = Optional.ofNullable(data.get(key));
    if (value.isEmpty() && !optional) {
      throw new PodConfigException(
          "couldn't find key " + key + " in " + kind + " " + namespace + "/" + name);
    }
    return value;
  }

  private Optional<ConfigMap> configMap(String name, boolean optional) {
    Optional<ConfigMap> found = config.configMap(namespace, name);
    if (found.isEmpty() && !optional) {
      throw new PodConfigException("configmap \"" + name + "\" not found");
    }
    return found;
  }

  private Optional<Secret> secret(String name, boolean optional) {
    Optional<Secret> found = config.secret(namespace, name);
    if (found.isEmpty() && !optional) {
      throw new PodConfigException("secret \"" + name + "\" not found");
    }
    return found;
  }

  private static boolean isTrue(Boolean value) {
    return Boolean.TRUE.equals(value);
  }
}
