package dev.shiplog.api.schema.validation;

import static dev.shiplog.api.schema.Trees.absent;
import static dev.shiplog.api.schema.Trees.at;
import static dev.shiplog.api.schema.Trees.text;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;

/** ConfigMaps and Secrets. */
final class ConfigRules {

  private static final int LARGEST = 1024 * 1024;
  private static final FieldPath DATA = FieldPath.of("data");
  private static final String WHEN_IMMUTABLE = "field is immutable when `immutable` is set";
  private static final ObjectMapper JSON = new ObjectMapper();

  /** Keys that a secret of a type must have. */
  private static final Map<String, List<String>> KEYS =
      Map.of(
          "kubernetes.io/tls", List.of("tls.crt", "tls.key"),
          "kubernetes.io/ssh-auth", List.of("ssh-privatekey"),
          "kubernetes.io/dockercfg", List.of(".dockercfg"),
          "kubernetes.io/dockerconfigjson", List.of(".dockerconfigjson"));

  private ConfigRules() {}

  static void register(KindTable table) {
    table.kind(
        "core.v1.ConfigMap",
        rules -> rules.always(ConfigRules::configMap).onUpdate(ConfigRules::contentStays));
    table.kind(
        "core.v1.Secret",
        rules ->
            rules
                .always(ConfigRules::secret)
                .onUpdate(ConfigRules::contentStays)
                .onUpdate((o, old, c) -> Checks.immutable(o, old, FieldPath.ROOT, "type", c)));
  }

  private static void configMap(ObjectNode map, Causes causes) {
    FieldPath binary = FieldPath.of("binaryData");
    long size = 0;
    for (Map.Entry<String, JsonNode> entry : at(map, "data").properties()) {
      key(entry.getKey(), DATA, causes);
      if (at(map, "binaryData").has(entry.getKey())) {
        causes.invalid(
            DATA.key(entry.getKey()), entry.getKey(), "duplicate of key present in binaryData");
      }
      size += entry.getValue().asText().getBytes(StandardCharsets.UTF_8).length;
    }
    for (Map.Entry<String, JsonNode> entry : at(map, "binaryData").properties()) {
      key(entry.getKey(), binary, causes);
      size += decodedLength(entry.getValue());
    }
    if (size > LARGEST) {
      causes.tooLong(FieldPath.ROOT, LARGEST);
    }
  }

  private static void secret(ObjectNode secret, Causes causes) {
    long size = 0;
    for (Map.Entry<String, JsonNode> entry : at(secret, "data").properties()) {
      key(entry.getKey(), DATA, causes);
      size += decodedLength(entry.getValue());
    }
    if (size > LARGEST) {
      causes.tooLong(DATA, LARGEST);
    }
    String type = text(secret, "type");
    for (String key : KEYS.getOrDefault(type, List.of())) {
      if (absent(secret, "data", key)) {
        causes.required(DATA.key(key));
      }
    }
    switch (type) {
      case "kubernetes.io/basic-auth" -> {
        if (absent(secret, "data", "username") && absent(secret, "data", "password")) {
          causes.required(DATA.key("username"));
          causes.required(DATA.key("password"));
        }
      }
      case "kubernetes.io/service-account-token" -> {
        String annotation = "kubernetes.io/service-account.name";
        if (text(secret, "metadata", "annotations", annotation).isEmpty()) {
          causes.required(FieldPath.of("metadata", "annotations").key(annotation));
        }
      }
      case "kubernetes.io/dockercfg" -> json(secret, ".dockercfg", causes);
      case "kubernetes.io/dockerconfigjson" -> json(secret, ".dockerconfigjson", causes);
      default -> {} // any content will do
    }
  }

  private static void json(ObjectNode secret, String key, Causes causes) {
    JsonNode value = at(secret, "data", key);
    if (value.isMissingNode()) {
      return;
    }
    try {
      JSON.readTree(Base64.getDecoder().decode(value.asText()));
    } catch (JsonProcessingException e) {
      // The value itself stays out of the answer, and so out of logs.
      causes.invalid(DATA.key(key), "<secret contents redacted>", "must be valid JSON");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void contentStays(ObjectNode object, ObjectNode old, Causes causes) {
    if (!at(old, "immutable").booleanValue()) {
      return;
    }
    for (String field : List.of("data", "binaryData")) {
      if (!at(object, field).equals(at(old, field))) {
        causes.forbidden(FieldPath.of(field), WHEN_IMMUTABLE);
      }
    }
    if (!at(object, "immutable").booleanValue()) {
      causes.forbidden(FieldPath.of("immutable"), WHEN_IMMUTABLE);
    }
  }

  private static void key(String key, FieldPath path, Causes causes) {
    Checks.name(path.key(key), key, Names::configKey, causes);
  }

  private static long decodedLength(JsonNode base64) {
    return base64.asText().length() / 4L * 3L;
  }
}
