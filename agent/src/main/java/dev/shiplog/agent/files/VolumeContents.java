package dev.shiplog.agent.files;

import dev.shiplog.agent.config.ConfigSource;
import dev.shiplog.agent.container.Data;
import dev.shiplog.agent.container.PodConfigException;
import dev.shiplog.agent.container.PodFields;
import dev.shiplog.agent.container.ResourceFields;
import dev.shiplog.agent.files.AtomicWriter.Content;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.DownwardAPIVolumeFile;
import io.fabric8.kubernetes.api.model.KeyToPath;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.ServiceAccountTokenProjection;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeProjection;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.BiFunction;

/**
 * The files of configMap, secret, downwardAPI and projected volumes: what the cluster says, as
 * paths and bytes. Blocks while it asks the API server.
 */
final class VolumeContents {

  private static final int DEFAULT_MODE = 0644;

  private final ConfigSource config;
  private final BiFunction<Pod, ServiceAccountTokenProjection, String> tokens;
  private final PodFields fields;
  private final ResourceFields resources;
  private final Map<String, Content> files = new TreeMap<>();

  VolumeContents(
      ConfigSource config,
      BiFunction<Pod, ServiceAccountTokenProjection, String> tokens,
      PodFields fields,
      ResourceFields resources) {
    this.config = config;
    this.tokens = tokens;
    this.fields = fields;
    this.resources = resources;
  }

  /** The volume's files by path, or empty if it is a volume of another kind. */
  Optional<Map<String, Content>> of(Volume volume) {
    if (volume.getConfigMap() != null) {
      var source = volume.getConfigMap();
      addConfigMap(
          source.getName(), source.getItems(), source.getOptional(), mode(source.getDefaultMode()));
    } else if (volume.getSecret() != null) {
      var source = volume.getSecret();
      addSecret(
          source.getSecretName(),
          source.getItems(),
          source.getOptional(),
          mode(source.getDefaultMode()));
    } else if (volume.getDownwardAPI() != null) {
      var source = volume.getDownwardAPI();
      addDownward(source.getItems(), mode(source.getDefaultMode()));
    } else if (volume.getProjected() != null) {
      int mode = mode(volume.getProjected().getDefaultMode());
      volume.getProjected().getSources().forEach(source -> addProjected(source, mode));
    } else {
      return Optional.empty();
    }
    return Optional.of(files);
  }

  private void addProjected(VolumeProjection source, int mode) {
    if (source.getConfigMap() != null) {
      var map = source.getConfigMap();
      addConfigMap(map.getName(), map.getItems(), map.getOptional(), mode);
    }
    if (source.getSecret() != null) {
      var secret = source.getSecret();
      addSecret(secret.getName(), secret.getItems(), secret.getOptional(), mode);
    }
    if (source.getDownwardAPI() != null) {
      addDownward(source.getDownwardAPI().getItems(), mode);
    }
    if (source.getServiceAccountToken() != null) {
      addToken(source.getServiceAccountToken(), mode);
    }
    if (source.getClusterTrustBundle() != null) {
      throw new PodConfigException("projections of clusterTrustBundle are not supported");
    }
  }

  private void addConfigMap(String name, List<KeyToPath> items, Boolean optional, int mode) {
    Optional<ConfigMap> map = config.configMap(namespace(), name);
    if (map.isEmpty() && !isTrue(optional)) {
      throw new PodConfigException("configmap \"" + name + "\" not found");
    }
    map.ifPresent(found -> addAll(Data.bytes(found), items, optional, mode));
  }

  private void addSecret(String name, List<KeyToPath> items, Boolean optional, int mode) {
    Optional<Secret> secret = config.secret(namespace(), name);
    if (secret.isEmpty() && !isTrue(optional)) {
      throw new PodConfigException("secret \"" + name + "\" not found");
    }
    secret.ifPresent(found -> addAll(Data.bytes(found), items, optional, mode));
  }

  /** Takes the items named, or everything where none is. */
  private void addAll(Map<String, byte[]> data, List<KeyToPath> items, Boolean optional, int mode) {
    if (items == null || items.isEmpty()) {
      data.forEach((key, value) -> add(key, value, mode));
      return;
    }
    for (KeyToPath item : items) {
      byte[] value = data.get(item.getKey());
      if (value != null) {
        add(item.getPath(), value, item.getMode() == null ? mode : item.getMode());
      } else if (!isTrue(optional)) {
        throw new PodConfigException("references non-existent config key: " + item.getKey());
      }
    }
  }

  private void addDownward(List<DownwardAPIVolumeFile> items, int mode) {
    for (DownwardAPIVolumeFile item : items) {
      String value =
          item.getFieldRef() != null
              ? fields.value(item.getFieldRef().getFieldPath())
              : resources.value(item.getResourceFieldRef(), null);
      add(
          item.getPath(),
          value.getBytes(StandardCharsets.UTF_8),
          item.getMode() == null ? mode : item.getMode());
    }
  }

  private void addToken(ServiceAccountTokenProjection source, int mode) {
    String token = tokens.apply(fields.pod(), source);
    add(source.getPath(), token.getBytes(StandardCharsets.UTF_8), mode);
  }

  private void add(String path, byte[] bytes, int mode) {
    Path relative = Path.of(path).normalize();
    if (relative.isAbsolute() || relative.toString().isEmpty() || relative.startsWith("..")) {
      throw new PodConfigException("a volume's file cannot have the path \"" + path + "\"");
    }
    files.put(relative.toString(), new Content(bytes, mode));
  }

  private String namespace() {
    return fields.pod().getMetadata().getNamespace();
  }

  private static int mode(Integer mode) {
    return mode == null ? DEFAULT_MODE : mode;
  }

  private static boolean isTrue(Boolean value) {
    return Boolean.TRUE.equals(value);
  }
}
