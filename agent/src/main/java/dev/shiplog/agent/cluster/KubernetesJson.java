package dev.shiplog.agent.cluster;

import com.fasterxml.jackson.annotation.JsonSetter;
import com.fasterxml.jackson.annotation.Nulls;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.shiplog.topics.record.JsonBytes;
import io.fabric8.kubernetes.api.model.KubernetesResource;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.io.ByteArrayInputStream;

/** The JSON of Kubernetes' objects. Unknown fields are kept. Thread safe. */
public final class KubernetesJson {

  private static final KubernetesSerialization JSON = make();

  private KubernetesJson() {}

  /**
   * What all clients of the process are to use too: each one of its own would look into every type
   * anew, and keep more than a megabyte about them.
   */
  public static KubernetesSerialization serialization() {
    return JSON;
  }

  /**
   * It does not look for every kind on the class path, which would take long and serves no one; and
   * as Go's clients write an empty list as null, it leaves the empty list there instead. A field
   * that is set beside its type, to say what the type leaves out, is no mistake to be warned of.
   */
  private static KubernetesSerialization make() {
    ObjectMapper mapper = new ObjectMapper();
    mapper.setDefaultSetterInfo(JsonSetter.Value.forValueNulls(Nulls.SKIP));
    KubernetesSerialization json = new KubernetesSerialization(mapper, false);
    json.getUnmatchedFieldTypeModule().setLogWarnings(false);
    return json;
  }

  public static <T extends KubernetesResource> T read(byte[] json, Class<T> type) {
    return JSON.unmarshal(new ByteArrayInputStream(json), type);
  }

  /** Reads a record of the store; who set which fields is of no use to a node. */
  public static <T extends KubernetesResource> T readStored(byte[] json, Class<T> type) {
    return read(JsonBytes.withoutManagedFields(json), type);
  }

  public static String write(Object value) {
    return JSON.asJson(value);
  }

  /** The same fields as another type has them; those that it lacks are left out. */
  public static <T> T convert(Object value, Class<T> type) {
    return JSON.convertValue(value, type);
  }

  /** A copy that shares nothing. */
  public static <T> T copy(T value) {
    return JSON.clone(value);
  }
}
