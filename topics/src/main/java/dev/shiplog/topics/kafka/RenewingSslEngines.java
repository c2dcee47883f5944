package dev.shiplog.topics.kafka;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.security.KeyStore;
import java.util.Map;
import java.util.Set;
import javax.net.ssl.SSLEngine;
import org.apache.kafka.common.config.SslConfigs;
import org.apache.kafka.common.security.auth.SslEngineFactory;
import org.apache.kafka.common.security.ssl.DefaultSslEngineFactory;

/**
 * Kafka's own TLS for a client whose certificate is renewed while it runs: each new connection
 * shows what the key store file holds by then. Named by {@code ssl.engine.factory.class}.
 */
public final class RenewingSslEngines implements SslEngineFactory {

  private Map<String, ?> configs = Map.of();
  private DefaultSslEngineFactory current = new DefaultSslEngineFactory();
  private FileTime read = FileTime.fromMillis(0);

  @Override
  public synchronized void configure(Map<String, ?> given) {
    configs = given;
    read = changed();
    current.configure(given);
  }

  @Override
  public synchronized SSLEngine createClientSslEngine(
      String peerHost, int peerPort, String endpointIdentification) {
    FileTime now = changed();
    if (!now.equals(read)) {
      DefaultSslEngineFactory next = new DefaultSslEngineFactory();
      next.configure(configs);
      current.close();
      current = next;
      read = now;
    }
    return current.createClientSslEngine(peerHost, peerPort, endpointIdentification);
  }

  @Override
  public synchronized SSLEngine createServerSslEngine(String peerHost, int peerPort) {
    return current.createServerSslEngine(peerHost, peerPort);
  }

  @Override
  public synchronized boolean shouldBeRebuilt(Map<String, Object> nextConfigs) {
    return current.shouldBeRebuilt(nextConfigs);
  }

  @Override
  public synchronized Set<String> reconfigurableConfigs() {
    return current.reconfigurableConfigs();
  }

  @Override
  public synchronized KeyStore keystore() {
    return current.keystore();
  }

  @Override
  public synchronized KeyStore truststore() {
    return current.truststore();
  }

  @Override
  public synchronized void close() {
    current.close();
  }

  /** A file that cannot be looked at just now is read again later. */
  private FileTime changed() {
    Object location = configs.get(SslConfigs.SSL_KEYSTORE_LOCATION_CONFIG);
    try {
      return location == null ? read : Files.getLastModifiedTime(Path.of(location.toString()));
    } catch (IOException e) {
      return read;
    }
  }
}
