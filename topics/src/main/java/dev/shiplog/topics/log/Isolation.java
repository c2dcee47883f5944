package dev.shiplog.topics.log;

/** Whether a reader sees records of transactions that have not been committed. */
public enum Isolation {
  /** For topics written without transactions (the journal): a record is seen once replicated. */
  READ_UNCOMMITTED,
  /** For every projected topic: a paused projector's late records are never seen. */
  READ_COMMITTED
}
