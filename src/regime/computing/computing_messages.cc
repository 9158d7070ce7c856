#include "regime/computing/computing.h"

namespace qy::computing {

std::span<const Sentence> computing_messages() {
  static constexpr Sentence kSentences[] = {
      {"compute.answer_too_large", "计算结果超过{limit} MB，未保存。请缩小问题。",
       "The answer is larger than {limit} MB and was not kept. Make the problem smaller."},
      {"compute.busy", "正在进行的计算太多，请稍后再试，或作为计算任务提交。",
       "Too many computations are under way; try again in a moment, or start a run."},
      {"compute.input_too_large", "输入超过{limit} MB。", "The input is larger than {limit} MB."},
      {"compute.needs_person", "计算任务只能由登录的个人提交。", "Only a person who is logged in can start a run."},
      {"compute.no_run", "没有这个计算任务，或它已被清除。", "There is no such run, or it has been swept."},
      {"compute.time_limit", "计算超过{seconds}秒的时限，已停止。",
       "The computation took longer than its limit of {seconds} seconds and was stopped."},
      {"compute.too_many_runs", "您已有{limit}个计算任务在排队或进行，请等待或取消其中之一。",
       "{limit} of your runs are queued or under way; wait, or cancel one."},
      {"compute.worker_lost", "计算进程两次中断，任务已停止。请缩小问题后重试。",
       "The process that computed this ended twice; the run was given up. Try again with a smaller problem."},
  };
  return kSentences;
}

}  // namespace qy::computing
