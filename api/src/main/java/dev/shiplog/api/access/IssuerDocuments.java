package dev.shiplog.api.access;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.shiplog.topics.record.Json;
import java.util.Optional;

/** What others need to verify ServiceAccount tokens: OpenID discovery and the public keys. */
public final class IssuerDocuments {

  public static final String DISCOVERY = "/.well-known/openid-configuration";
  public static final String KEYS = "/openid/v1/jwks";

  private final VerificationKeys keys;
  private final TokenIssuers issuers;

  public IssuerDocuments(VerificationKeys keys, TokenIssuers issuers) {
    this.keys = keys;
    this.issuers = issuers;
  }

  /** A document and its media type. */
  public record Document(String mediaType, String text) {}

  /**
   * What is served at a path; empty if that is none of them, or if the issuer's name is no address
   * by which others could find them.
   */
  public Optional<Document> at(String path) {
    if (!issuers.isDiscoverable()) {
      return Optional.empty();
    }
    return switch (path) {
      case DISCOVERY -> Optional.of(new Document("application/json", discovery().toString()));
      case KEYS -> Optional.of(new Document("application/jwk-set+json", keys.jwks()));
      default -> Optional.empty();
    };
  }

  private ObjectNode discovery() {
    ObjectNode document = Json.MAPPER.createObjectNode();
    document.put("issuer", issuers.first());
    document.put("jwks_uri", issuers.keysUri().isEmpty() ? ownKeys() : issuers.keysUri());
    document.putArray("response_types_supported").add("id_token");
    document.putArray("subject_types_supported").add("public");
    var algorithms = document.putArray("id_token_signing_alg_values_supported");
    keys.algorithms().forEach(algorithms::add);
    return document;
  }

  private String ownKeys() {
    String issuer = issuers.first();
    return (issuer.endsWith("/") ? issuer.substring(0, issuer.length() - 1) : issuer) + KEYS;
  }
}
