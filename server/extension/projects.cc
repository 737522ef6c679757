// CreateProject, DescribeProjects, ModifyProject
#include "core/account_service.h"
#include "core/status_macros.h"
#include "server/actions/parameters.h"
#include "server/extension/extension.h"
#include "ssl/v20261201/projects.pb.h"

namespace certwright {
namespace {

namespace ext = ssl::v20261201;

absl::StatusOr<ext::CreateProjectResponse> CreateProject(Services& services, const Call& call,
                                                         const ext::CreateProjectRequest& request) {
  ASSIGN_OR_RETURN(const std::int64_t id,
                   services.accounts.CreateProject(call.account.id, request.project_name()));
  ext::CreateProjectResponse response;
  response.set_project_id(static_cast<std::uint64_t>(id));
  return response;
}

absl::StatusOr<ext::DescribeProjectsResponse> DescribeProjects(
    Services& services, const Call& call, const ext::DescribeProjectsRequest& request) {
  std::vector<Project> projects = {
      {.name = call.language == Language::kEnglish ? "Default project" : "默认项目",
       .created = call.account.created}};
  RETURN_IF_ERROR(services.store.Read([&](Snapshot& snapshot) -> absl::Status {
    ASSIGN_OR_RETURN(const std::vector<Project> own, snapshot.ListProjects(call.account.id));
    projects.insert(projects.end(), own.begin(), own.end());
    return absl::OkStatus();
  }));
  ext::DescribeProjectsResponse response;
  response.set_total_count(projects.size());
  const Page page = PageOf(request, projects.size());
  for (std::size_t i = page.begin; i < page.end; ++i) {
    ext::Project& shown = *response.add_projects();
    shown.set_project_id(static_cast<std::uint64_t>(projects[i].id));
    shown.set_project_name(projects[i].name);
    shown.set_create_time(TimeText(projects[i].created));
  }
  return response;
}

absl::StatusOr<ext::ModifyProjectResponse> ModifyProject(Services& services, const Call& call,
                                                         const ext::ModifyProjectRequest& request) {
  ASSIGN_OR_RETURN(const std::int64_t id, ParseProject(request.project_id()));
  RETURN_IF_ERROR(services.accounts.RenameProject(call.account.id, id, request.project_name()));
  ext::ModifyProjectResponse response;
  response.set_project_id(request.project_id());
  return response;
}

}  // namespace

void BindProjects(ActionTable& table) {
  table.Bind("CreateProject", CreateProject);
  table.Bind("DescribeProjects", DescribeProjects);
  table.Bind("ModifyProject", ModifyProject);
}

}  // namespace certwright
