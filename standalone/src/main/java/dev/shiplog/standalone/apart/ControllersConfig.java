package dev.shiplog.standalone.apart;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;

/** What the controllers are told. */
@ConfigMapping(prefix = "shiplog.controllers")
public interface ControllersConfig {

  /** Controllers that are not to run, by their names in Kubernetes. */
  Optional<Set<String>> without();

  /**
   * PEM certificate of the authority that pods verify the API server with, published in every
   * namespace as ConfigMap {@code kube-root-ca.crt}; nothing is published if absent.
   */
  Optional<Path> rootCaFile();

  /** Kubeconfig with which autoscalers ask for metrics; they know none if absent. */
  Optional<Path> kubeconfig();

  /** Of the other processes, how many keep what they read in memory, to take over at once. */
  @WithDefault("1")
  int standbyReplicas();

  /** How long to wait at the start for Kafka, and for the topics that the API server makes. */
  @WithDefault("5m")
  Duration topicsTimeout();
}
