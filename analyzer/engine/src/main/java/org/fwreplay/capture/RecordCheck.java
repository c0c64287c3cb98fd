package org.fwreplay.capture;

/**
 * Finds out about records what does not depend on others, while they are read ahead: in the thread
 * that reads. Where nothing is read ahead nobody is asked.
 */
@FunctionalInterface
public interface RecordCheck {
  /** No questions. */
  RecordCheck NONE = record -> {};

  /** Looks at a record whose fields and bytes are there, and tells in it what it found. */
  void check(CaptureRecord record);
}
