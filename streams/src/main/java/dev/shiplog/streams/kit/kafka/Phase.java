package dev.shiplog.streams.kit.kafka;

/** How far an application is in its process's life. */
public enum Phase {
  /** For topics that the API server makes, or for Kafka. */
  WAITING,
  /** Its views are being read, or Kafka is giving out work anew. */
  CATCHING_UP,
  /** Another process acts; this one is ready to. */
  STANDING_BY,
  /** This process is the one that acts, or will be as soon as the API server has agreed. */
  ACTING,
  /** It was closed, or failed. */
  STOPPED
}
