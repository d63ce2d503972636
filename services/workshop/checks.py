"""The rows of the registration table that are about looking at cars: measured, driven, checked at each stage."""

from chassis import command, query
from contracts.workshop import shop_floor as floor
from contracts.workshop.multi_point import (
    GetMultiPointInspections,
    ListInspectionTemplates,
    ProposeFindings,
    PublishInspectionTemplates,
    RecordMeasurements,
)
from contracts.workshop.quality import CheckTeamWork, ListTeamChecks, MeasureQuality, ReportOwnFault
from contracts.workshop.recommendation import RecommendWork
from contracts.workshop.road_test import AskForRoadTest, GetRoadTests, RecordRoadTest, WithdrawRoadTest
from services.workshop.agreement import estimating
from services.workshop.multi_point import measuring, publishing
from services.workshop.multi_point import queries as multi_point
from services.workshop.order import recommending
from services.workshop.shop_floor import inspecting, road_testing
from services.workshop.shop_floor import queries as shop_floor


class CheckRows:
    """Part of `WorkshopService`."""

    publish_inspection_templates = command(PublishInspectionTemplates, publishing.publish)
    list_inspection_templates = query(ListInspectionTemplates, multi_point.list_templates)
    record_measurements = command(RecordMeasurements, measuring.record)
    get_multi_point_inspections = query(GetMultiPointInspections, multi_point.get_multi_point_inspections)
    propose_findings = command(ProposeFindings, estimating.propose_findings)
    request_quality_check = command(floor.RequestQualityCheck, inspecting.request_quality_check)
    recommend_work = command(RecommendWork, recommending.recommend)
    report_own_fault = command(ReportOwnFault, inspecting.report_own_fault)
    check_team_work = command(CheckTeamWork, inspecting.check_team_work)
    check_quality = command(floor.CheckQuality, inspecting.check_quality)
    return_to_work = command(floor.ReturnToWork, inspecting.return_to_work)
    list_team_checks = query(ListTeamChecks, shop_floor.list_team_checks)
    list_inspections = query(floor.ListInspections, shop_floor.list_inspections)
    record_road_test = command(RecordRoadTest, road_testing.record)
    ask_for_road_test = command(AskForRoadTest, road_testing.ask)
    withdraw_road_test = command(WithdrawRoadTest, road_testing.withdraw)
    get_road_tests = query(GetRoadTests, shop_floor.get_road_tests)
    measure_quality = query(MeasureQuality, shop_floor.measure_quality)
