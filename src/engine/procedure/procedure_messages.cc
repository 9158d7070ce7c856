#include "engine/procedure/procedure.h"

namespace qy {

std::span<const Sentence> procedure_messages() {
  static constexpr Sentence sentences[] = {
      {"procedure.broken_log",
       "第{position}条记录“{action}”不可能发生在“{state}”状态，审核任务的记录已损坏，请联系系统管理员。",
       "Entry {position}, “{action}”, cannot have happened in state “{state}”: the record of this case is damaged. "
       "Please tell the system administrator."},
      {"procedure.unknown_action", "没有名为“{action}”的操作。", "There is no action named “{action}”."},
      {"procedure.wrong_state", "现在是“{state}”，不能“{action}”；只有在“{from}”时才可以。",
       "The case is in “{state_en}”, so “{action_en}” is not possible; it is possible in: {from_en}."},
      {"procedure.wrong_actor", "“{action}”应由{who}办理，您的岗位不能办理。",
       "“{action_en}” is done by: {who_en}. Your post may not do it."},
  };
  return sentences;
}

}  // namespace qy
