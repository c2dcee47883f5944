package dev.shiplog.agent.container;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.Secret;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;
import java.util.TreeMap;

/** The contents of ConfigMaps and Secrets, sorted by key. */
public final class Data {

  private Data() {}

  /** What of it is text; binary data cannot be in an environment. */
  static Map<String, String> texts(ConfigMap map) {
    return map.getData() == null ? Map.of() : new TreeMap<>(map.getData());
  }

  static Map<String, String> texts(Secret secret) {
    Map<String, String> texts = new TreeMap<>();
    bytes(secret)
        .forEach((key, value) -> texts.put(key, new String(value, StandardCharsets.UTF_8)));
    return texts;
  }

  public static Map<String, byte[]> bytes(ConfigMap map) {
    Map<String, byte[]> bytes = new TreeMap<>();
    texts(map).forEach((key, value) -> bytes.put(key, value.getBytes(StandardCharsets.UTF_8)));
    if (map.getBinaryData() != null) {
      map.getBinaryData().forEach((key, value) -> bytes.put(key, decoded(value)));
    }
    return bytes;
  }

  public static Map<String, byte[]> bytes(Secret secret) {
    Map<String, byte[]> bytes = new TreeMap<>();
    if (secret.getData() != null) {
      secret.getData().forEach((key, value) -> bytes.put(key, decoded(value)));
    }
    return bytes;
  }

  private static byte[] decoded(String base64) {
    return Base64.getDecoder().decode(base64);
  }
}
