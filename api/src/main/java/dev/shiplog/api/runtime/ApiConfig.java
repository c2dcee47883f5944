package dev.shiplog.api.runtime;

import dev.shiplog.api.access.Authentication;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/** What the API server is told about its cluster. Where it listens is Quarkus' configuration. */
@ConfigMapping(prefix = "shiplog.api")
public interface ApiConfig {

  /** Name of this server among others. */
  @WithDefault("apiserver")
  String serverId();

  /**
   * {@code host:port} at which other API servers on the same topics reach this one; if absent, it
   * serves alone. With it the two settings below are needed, and {@link #clientCaFile}.
   */
  Optional<String> peerAddress();

  /**
   * How long a request may take from its turn to the end of its answer; watches and streams not.
   */
  @WithDefault("2m")
  Duration requestTimeout();

  /** How often the leading server shows the others that it lives. */
  @WithDefault("250ms")
  Duration heartbeatInterval();

  /**
   * After how much silence of the leader another server claims the lead at the latest. Where signs
   * of it come regularly, that is sooner.
   */
  @WithDefault("2s")
  Duration claimTimeout();

  /**
   * How long a server that is told to stop serves on, while it is no longer ready and the Service
   * {@code kubernetes} leads elsewhere; if absent, two seconds where other servers may be, else
   * none. A load balancer needs as long as it takes to notice.
   */
  Optional<Duration> shutdownDelay();

  /** PEM certificate that other API servers are shown; its name is system:shiplog:apiserver. */
  Optional<Path> peerCert();

  /** Its key. */
  Optional<Path> peerKey();

  /**
   * PEM certificates that clients are shown, the server's own first; read again when they change.
   * For {@code ./shiplog run api-server}.
   */
  Optional<Path> servingCert();

  /** The key of the first. */
  Optional<Path> servingKey();

  /**
   * Addresses for Services: what the ServiceCIDR {@code kubernetes} is made of, when there is none.
   * Further ServiceCIDRs add addresses.
   */
  @WithDefault("10.96.0.0/16")
  String serviceCidr();

  /** Ports that Services take on every node. */
  @WithDefault("30000-32767")
  String nodePortRange();

  /** Bearer tokens, one line each: {@code token,user,uid,"group1,group2"}. */
  Optional<Path> tokenFile();

  /** PEM file of the authorities whose client certificates are known. */
  Optional<Path> clientCaFile();

  /** PEM certificate that nodes are shown. */
  Optional<Path> kubeletClientCert();

  /** Its key. */
  Optional<Path> kubeletClientKey();

  /** PEM file of the authorities that sign nodes' certificates; {@link #clientCaFile} if absent. */
  Optional<Path> kubeletCaFile();

  /** PEM private key (RSA or P-256) that signs ServiceAccount tokens; a passing one if absent. */
  Optional<Path> serviceAccountKeyFile();

  /** PEM files of further keys whose tokens are known, while keys are changed. */
  Optional<List<Path>> serviceAccountVerificationKeyFiles();

  /**
   * Who issues ServiceAccount tokens: the first does, those of all are known. Others find the keys
   * only if it is an https URL at which they reach this server. If absent, {@code
   * https://kubernetes.default.svc.cluster.local}, which pods can reach.
   */
  Optional<List<String>> serviceAccountIssuer();

  /** https URL at which others find the keys, if not at the issuer's own address. */
  Optional<String> serviceAccountJwksUri();

  /** Whom a token has to be for to be known here; the issuers if absent. */
  Optional<List<String>> apiAudiences();

  /** PEM certificate of the authority that signs certificates; nothing is signed if absent. */
  Optional<Path> clusterSigningCertFile();

  /** Its key. */
  Optional<Path> clusterSigningKeyFile();

  /** PEM file of the authorities of proxies in front, whose X-Remote headers are believed. */
  Optional<Path> requestheaderClientCaFile();

  /** Common names of the proxies that are believed; all of that authority if absent. */
  Optional<List<String>> requestheaderAllowedNames();

  /** Address at which pods reach this server, for the Service kubernetes; found out if absent. */
  Optional<String> advertiseAddress();

  /** Address at which pods' questions for names are answered, for the Service kube-dns. */
  Optional<String> clusterDnsAddress();

  /** URL at which nodes reach the API servers; told them in {@code kube-public/cluster-info}. */
  Optional<String> nodeServerUrl();

  /** Kafka as nodes reach it, {@code host:port,…}; told them in the same place. */
  Optional<String> nodeBootstrapServers();

  /** Kafka's security.protocol for nodes; with SSL they show their own certificates. */
  @WithDefault("PLAINTEXT")
  String nodeSecurityProtocol();

  /**
   * File with the keys that seal values before they reach any topic; nothing is sealed if absent.
   */
  Optional<Path> encryptionKeyFile();

  /** Whose values are sealed: secrets, and custom resources as {@code PLURAL.GROUP}. */
  @WithDefault("secrets")
  List<String> encryptedResources();

  /**
   * How long the journal is kept, at least five minutes: so far back watches and lists may start.
   */
  @WithDefault("24h")
  Duration history();

  /** Who decides what users may do, in this order: {@code Node}, {@code RBAC}, AlwaysAllow. */
  @WithDefault("Node,RBAC")
  List<String> authorizationMode();

  /** File that says the same, and how webhooks decide: AuthorizationConfiguration. */
  Optional<Path> authorizationConfig();

  /** File of issuers whose tokens are known: AuthenticationConfiguration. Read again on change. */
  Optional<Path> authenticationConfig();

  /** Kubeconfig of a server that knows tokens, asked by TokenReview. */
  Optional<Path> authenticationTokenWebhookConfigFile();

  /** How long its answers are good. */
  @WithDefault("2m")
  Duration authenticationTokenWebhookCacheTtl();

  /** File that says how much is written about requests: a Policy of audit.k8s.io/v1. */
  Optional<Path> auditPolicyFile();

  /** What may be asked without saying who asks: {@code nobody}, {@code health}, anybody. */
  @WithDefault("health")
  Authentication.Anonymous anonymous();

  /**
   * How many requests are worked on at a time, where a long list counts for up to ten; priority
   * levels share them. If absent, 32 for each processor, and 600 at most.
   */
  OptionalInt maxRequestsInFlight();

  /** How long is waited for the first request of a connection, its handshake included. */
  @WithDefault("30s")
  Duration firstRequestTimeout();

  /** How long a connection may have no request under way. */
  @WithDefault("3m")
  Duration idleTimeout();

  /** How long the body of a request may take to come; it holds no seat meanwhile. */
  @WithDefault("60s")
  Duration bodyTimeout();

  /** How many logs and connections to pods, Services and nodes one user may have open. */
  @WithDefault("1000")
  int maxStreamsPerUser();

  /** How many watches one user may have open on this server. */
  @WithDefault("10000")
  int maxWatchesPerUser();
}
