// Whom a certificate is for, as its subject says.
#ifndef CERTWRIGHT_CORE_SUBJECT_H_
#define CERTWRIGHT_CORE_SUBJECT_H_

#include <string>

namespace certwright {

// "" leaves a member out.
struct Subject {
  std::string jurisdiction_country = {};  // of incorporation, two letters; EV alone
  std::string business_category = {};     // EV alone
  std::string serial_number = {};         // in the organisation's register; EV alone
  std::string country = {};               // two letters
  std::string province = {};
  std::string locality = {};
  std::string organization = {};
  std::string common_name = {};
};

}  // namespace certwright

#endif  // CERTWRIGHT_CORE_SUBJECT_H_
