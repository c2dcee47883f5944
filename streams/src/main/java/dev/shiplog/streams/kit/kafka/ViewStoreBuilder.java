package dev.shiplog.streams.kit.kafka;

import dev.shiplog.streams.kit.ResourceType;
import java.util.Map;
import org.apache.kafka.streams.state.StoreBuilder;

/** Makes a task's store of one resource. */
final class ViewStoreBuilder implements StoreBuilder<ViewStore> {

  private final ResourceType<?> type;

  ViewStoreBuilder(ResourceType<?> type) {
    this.type = type;
  }

  static String nameOf(ResourceType<?> type) {
    return "view-" + type.resource().qualifiedName();
  }

  @Override
  public ViewStore build() {
    return new ViewStore(name(), type);
  }

  @Override
  public String name() {
    return nameOf(type);
  }

  @Override
  public StoreBuilder<ViewStore> withCachingEnabled() {
    throw new UnsupportedOperationException("a view is memory already");
  }

  @Override
  public StoreBuilder<ViewStore> withCachingDisabled() {
    return this;
  }

  @Override
  public StoreBuilder<ViewStore> withLoggingEnabled(Map<String, String> config) {
    throw new UnsupportedOperationException("the store topic is its log");
  }

  @Override
  public StoreBuilder<ViewStore> withLoggingDisabled() {
    return this;
  }

  @Override
  public Map<String, String> logConfig() {
    return Map.of();
  }

  @Override
  public boolean loggingEnabled() {
    return false;
  }
}
