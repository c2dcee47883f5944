package dev.shiplog.streams.kit;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.JsonDeserializer;
import com.fasterxml.jackson.databind.annotation.JsonDeserialize;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A Secret, with what matters of a bootstrap token and nothing of any other Secret's content:
 * controllers hold one for each Secret there is, and have no business with what is in it.
 */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonDeserialize(using = JsonDeserializer.None.class) // HasMetadata's picks a class by kind
public final class TokenSecret implements HasMetadata {

  public static final String BOOTSTRAP_TOKEN = "bootstrap.kubernetes.io/token";
  public static final String SERVICE_ACCOUNT_TOKEN = "kubernetes.io/service-account-token";

  private static final long serialVersionUID = 1L;

  private static final Set<String> KEPT =
      Set.of("token-id", "token-secret", "expiration", "usage-bootstrap-signing");

  private String apiVersion;
  private String kind;
  private ObjectMeta metadata;
  private String type = "";

  @JsonIgnore private final Map<String, String> kept = new HashMap<>();

  @Override
  public String getApiVersion() {
    return apiVersion;
  }

  @Override
  public void setApiVersion(String apiVersion) {
    this.apiVersion = apiVersion;
  }

  @Override
  public String getKind() {
    return kind;
  }

  public void setKind(String kind) {
    this.kind = kind;
  }

  @Override
  public ObjectMeta getMetadata() {
    return metadata;
  }

  @Override
  public void setMetadata(ObjectMeta metadata) {
    this.metadata = metadata;
  }

  /** What kind of Secret it is. */
  public String getType() {
    return type;
  }

  public void setType(String type) {
    this.type = type;
  }

  @JsonProperty("data")
  void setData(Map<String, String> data) {
    data.forEach((key, value) -> {
      if (KEPT.contains(key) && value != null) {
        kept.put(key, value);
      }
    });
  }

  /** A part of a bootstrap token, decoded; empty if it is not there or is no text. */
  public Optional<String> part(String key) {
    if (!type.equals(BOOTSTRAP_TOKEN)) {
      return Optional.empty();
    }
    try {
      return Optional.ofNullable(kept.get(key))
          .map(value -> new String(Base64.getDecoder().decode(value), StandardCharsets.UTF_8));
    } catch (IllegalArgumentException notBase64) {
      return Optional.empty();
    }
  }
}
