package dev.shiplog.api.runtime;

import dev.shiplog.api.access.Authentication;
import dev.shiplog.api.access.Authenticator;
import dev.shiplog.api.access.BootstrapTokens;
import dev.shiplog.api.access.ClientCertificates;
import dev.shiplog.api.access.FrontProxy;
import dev.shiplog.api.access.HealthPaths;
import dev.shiplog.api.access.IssuerDocuments;
import dev.shiplog.api.access.Reloading;
import dev.shiplog.api.access.SecretTokens;
import dev.shiplog.api.access.ServiceAccountTokens;
import dev.shiplog.api.access.SigningKey;
import dev.shiplog.api.access.TokenFile;
import dev.shiplog.api.access.TokenIssuers;
import dev.shiplog.api.access.VerificationKeys;
import dev.shiplog.api.access.oidc.AuthenticationConfiguration;
import dev.shiplog.api.access.oidc.ConfiguredIssuers;
import dev.shiplog.api.access.webhook.TokenWebhook;
import dev.shiplog.api.access.webhook.WebhookConnection;
import dev.shiplog.api.remote.RemoteClients;
import dev.shiplog.api.remote.Webhooks;
import dev.shiplog.api.store.Store;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The ways to tell who sends a request, as configured. Asked once the store runs. */
final class Identification implements AutoCloseable {

  private final ApiConfig config;
  private final InstantSource clock;
  private final List<Reloading> reloaded = new ArrayList<>();
  private final ServiceAccountTokens tokens;
  private final IssuerDocuments documents;
  private final Authentication authentication;
  private final RemoteClients issuers;
  private Optional<WebhookConnection> webhook = Optional.empty();

  /**
   * Reads the files that are configured.
   *
   * @throws IOException if one cannot be read or holds something else
   */
  Identification(ApiConfig config, Store store, Vertx vertx, InstantSource clock)
      throws IOException {
    this.config = config;
    this.clock = clock;
    SigningKey key = signingKey();
    VerificationKeys keys = new VerificationKeys(key, otherKeys());
    TokenIssuers own = issuers(config);
    tokens = new ServiceAccountTokens(key, keys, own, clock, store::current);
    documents = new IssuerDocuments(keys, own);
    List<Authenticator> ways = new ArrayList<>();
    if (config.requestheaderClientCaFile().isPresent()) {
      ways.add(
          new FrontProxy(
              certificates(config.requestheaderClientCaFile().get()),
              Set.copyOf(config.requestheaderAllowedNames().orElse(List.of()))));
    }
    if (config.clientCaFile().isPresent()) {
      ways.add(certificates(config.clientCaFile().get()));
    }
    if (config.tokenFile().isPresent()) {
      ways.add(TokenFile.read(config.tokenFile().get()));
    }
    ways.add(new BootstrapTokens(store::current, clock));
    ways.add(tokens);
    issuers = new RemoteClients(vertx, Optional.empty());
    if (config.authenticationConfig().isPresent()) {
      Webhooks servers = new Webhooks(issuers);
      Reloading configured =
          new Reloading(
              config.authenticationConfig().get(),
              file -> ConfiguredIssuers.read(file, own, servers, clock));
      reloaded.add(configured);
      ways.add(configured);
    }
    if (config.authenticationTokenWebhookConfigFile().isPresent()) {
      Path file = config.authenticationTokenWebhookConfigFile().get();
      WebhookConnection server = WebhookConnection.read(file, vertx);
      webhook = Optional.of(server);
      ways.add(
          new TokenWebhook(
              server, own.audiences(), config.authenticationTokenWebhookCacheTtl(), clock));
    }
    authentication = new Authentication(ways, anonymous());
  }

  private static TokenIssuers issuers(ApiConfig config) throws IOException {
    try {
      return TokenIssuers.of(
          config.serviceAccountIssuer(), config.apiAudiences(), config.serviceAccountJwksUri());
    } catch (IllegalArgumentException e) {
      throw new IOException(e.getMessage(), e);
    }
  }

  /** As the file of issuers says, if it does. */
  private Authentication.Anonymous anonymous() throws IOException {
    AuthenticationConfiguration.Anonymous written =
        config.authenticationConfig().isPresent()
            ? AuthenticationConfiguration.read(config.authenticationConfig().get()).anonymous()
            : null;
    if (written == null) {
      return config.anonymous();
    }
    if (!written.enabled()) {
      return Authentication.Anonymous.NOBODY;
    }
    if (written.conditions().isEmpty()) {
      return Authentication.Anonymous.ANYBODY;
    }
    for (AuthenticationConfiguration.Condition condition : written.conditions()) {
      if (!HealthPaths.contain(condition.path())) {
        throw new IOException(
            config.authenticationConfig().get()
                + ": anonymous conditions can be about /healthz, /livez and /readyz alone");
      }
    }
    return Authentication.Anonymous.HEALTH;
  }

  @Override
  public void close() {
    issuers.close();
    webhook.ifPresent(WebhookConnection::close);
  }

  Authentication authentication() {
    return authentication;
  }

  ServiceAccountTokens tokens() {
    return tokens;
  }

  IssuerDocuments documents() {
    return documents;
  }

  SecretTokens secretTokens() throws IOException {
    Optional<Path> authority = config.clientCaFile();
    return new SecretTokens(tokens, authority.isPresent() ? Files.readString(authority.get()) : "");
  }

  /** Reads again what has changed; called from time to time. */
  void look() {
    reloaded.forEach(Reloading::look);
  }

  private Authenticator certificates(Path authorities) throws IOException {
    Reloading certificates =
        new Reloading(authorities, file -> ClientCertificates.fromPem(file, clock));
    reloaded.add(certificates);
    return certificates;
  }

  private List<SigningKey> otherKeys() throws IOException {
    List<SigningKey> others = new ArrayList<>();
    for (Path file : config.serviceAccountVerificationKeyFiles().orElse(List.of())) {
      others.add(SigningKey.readPublic(file));
    }
    return others;
  }

  private SigningKey signingKey() throws IOException {
    if (config.serviceAccountKeyFile().isPresent()) {
      return SigningKey.read(config.serviceAccountKeyFile().get());
    }
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(256);
      KeyPair pair = generator.generateKeyPair();
      return SigningKey.of(pair.getPrivate(), pair.getPublic());
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK can make an EC key", e);
    }
  }
}
