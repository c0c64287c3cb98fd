package org.fwreplay.report.flow;

/** A doubly linked list through the flows themselves, the oldest first. */
final class FlowList {
  private Flow first;
  private Flow last;

  Flow first() {
    return first;
  }

  void add(Flow flow) {
    flow.previous = last;
    flow.next = null;
    if (last == null) {
      first = flow;
    } else {
      last.next = flow;
    }
    last = flow;
  }

  void remove(Flow flow) {
    if (flow.previous == null) {
      first = flow.next;
    } else {
      flow.previous.next = flow.next;
    }
    if (flow.next == null) {
      last = flow.previous;
    } else {
      flow.next.previous = flow.previous;
    }
    flow.next = null;
    flow.previous = null;
  }
}
