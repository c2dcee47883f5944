package dev.shiplog.topics.testing;

import dev.shiplog.topics.log.TopicLog;
import dev.shiplog.topics.log.TopicLogSpecification;

class InMemoryTopicLogTest extends TopicLogSpecification {

  private final InMemoryTopicLog log = new InMemoryTopicLog();

  @Override
  protected TopicLog connect() {
    return log.connect();
  }
}
