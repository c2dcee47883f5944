package dev.shiplog.agent.cluster;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.fabric8.kubernetes.api.model.KubernetesResource;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.io.ByteArrayInputStream;

/** The JSON of Kubernetes' objects. Unknown fields are kept. Thread safe. */
public final class KubernetesJson {

  /** Does not look for every kind on the class path, which would take long and serves no one. */
  private static final KubernetesSerialization JSON =
      new KubernetesSerialization(new ObjectMapper(), false);

  private KubernetesJson() {}

  public static <T extends KubernetesResource> T read(byte[] json, Class<T> type) {
    return JSON.unmarshal(new ByteArrayInputStream(json), type);
  }

  public static String write(Object value) {
    return JSON.asJson(value);
  }

  /** A copy that shares nothing. */
  public static <T> T copy(T value) {
    return JSON.clone(value);
  }
}
