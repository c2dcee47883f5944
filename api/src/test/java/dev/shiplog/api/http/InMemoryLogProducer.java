package dev.shiplog.api.http;

import dev.shiplog.topics.log.TopicLog;
import dev.shiplog.topics.testing.InMemoryTopicLog;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Produces;

/** Gives the API server a log in memory. */
@ApplicationScoped
public class InMemoryLogProducer {

  @Produces
  @ApplicationScoped
  TopicLog log() {
    return new InMemoryTopicLog();
  }
}
